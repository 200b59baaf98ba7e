using Microsoft.ML;

namespace Landmarks.Demo.Serving.Tests;

[TestClass]
public sealed class RecognitionQueueTests : IDisposable
{
    private readonly ServingMeter _meter = new();

    [TestMethod]
    public async Task TryRecognize_WhileABatchIsAtWork_GathersTheNext()
    {
        using var queue = new RecognitionQueue(capacity: 100, _meter);
        var model = new FakeModel();
        Task<LandmarkAnswer[]> first = Ask(queue, model, 1);
        await model.BegunAsync();
        int waiting = RecognitionQueue.MostAtOnce + 8;
        Task<LandmarkAnswer[]>[] others = [.. Enumerable.Range(2, waiting).Select(i => Ask(queue, model, (byte)i))];
        Assert.AreEqual(waiting, queue.Count);

        model.End(3);
        LandmarkAnswer[][] answers = await Task.WhenAll([first, .. others]);

        CollectionAssert.AreEqual(new[] { 1, RecognitionQueue.MostAtOnce, 8 }, model.Batches);
        Assert.AreSequenceEqual(Enumerable.Range(1, waiting + 1).Select(i => (float?)i), answers.Select(answer => answer.Single().Score));
    }

    [TestMethod]
    public async Task TryRecognize_SeveralPhotographs_AnswersInOrder()
    {
        using var queue = new RecognitionQueue(capacity: 100, _meter);
        LandmarkAnswer[] answers = await Ask(queue, new FakeModel(isGated: false), [.. Enumerable.Range(0, 70).Select(i => (byte)i)]);
        Assert.AreSequenceEqual(Enumerable.Range(0, 70).Select(i => (float?)i), answers.Select(answer => answer.Score));
    }

    [TestMethod]
    public async Task TryRecognize_Full_TakesAllOfARequestOrNone()
    {
        using var queue = new RecognitionQueue(capacity: 4, _meter);
        var model = new FakeModel();
        Task<LandmarkAnswer[]> first = Ask(queue, model, 0);
        await model.BegunAsync();
        Task<LandmarkAnswer[]> second = Ask(queue, model, 1, 2, 3);

        Assert.IsFalse(queue.IsFull);
        Assert.IsNull(queue.TryRecognize(model.Served, [[4], [5]], CancellationToken.None));
        Task<LandmarkAnswer[]> third = Ask(queue, model, 4);
        Assert.IsTrue(queue.IsFull);
        Assert.IsNull(queue.TryRecognize(model.Served, [[5]], CancellationToken.None));

        model.End(2);
        await Task.WhenAll(first, second, third);
    }

    [TestMethod]
    public async Task ExpectedWait_GrowsWithWhatWaits()
    {
        using var queue = new RecognitionQueue(capacity: 10, _meter);
        var model = new FakeModel();
        Task<LandmarkAnswer[]> first = Ask(queue, model, 0);
        await model.BegunAsync();
        Assert.AreEqual(0, queue.ExpectedWait.Ticks);
        Task<LandmarkAnswer[]> second = Ask(queue, model, 1);
        model.End();
        await first;
        await model.BegunAsync();
        Task<LandmarkAnswer[]> third = Ask(queue, model, 2), fourth = Ask(queue, model, 3, 4);

        Assert.IsGreaterThan(TimeSpan.Zero, queue.ExpectedWait);

        model.End(2);
        await Task.WhenAll(second, third, fourth);
    }

    [TestMethod]
    public async Task TryRecognize_CancelledWhileItWaits_FreesItsPlace()
    {
        using var queue = new RecognitionQueue(capacity: 2, _meter);
        var model = new FakeModel();
        Task<LandmarkAnswer[]> first = Ask(queue, model, 0);
        await model.BegunAsync();
        using var leaving = new CancellationTokenSource();
        Task<LandmarkAnswer[]> gone = queue.TryRecognize(model.Served, [[1], [2]], leaving.Token)!;

        await leaving.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => gone);
        Assert.AreEqual(0, queue.Count);
        Task<LandmarkAnswer[]> next = Ask(queue, model, 3, 4);
        model.End(2);
        await Task.WhenAll(first, next);
        CollectionAssert.AreEqual(new[] { 1, 2 }, model.Batches);
        Assert.AreEqual(0, model.Cancelled);
    }

    [TestMethod]
    public async Task TryRecognize_AllOfABatchCancelled_EndsItsWork()
    {
        using var queue = new RecognitionQueue(capacity: 10, _meter);
        var model = new FakeModel();
        using CancellationTokenSource one = new(), other = new();
        Task<LandmarkAnswer[]> before = Ask(queue, model, 0);
        await model.BegunAsync();
        Task<LandmarkAnswer[]> first = queue.TryRecognize(model.Served, [[1]], one.Token)!,
            second = queue.TryRecognize(model.Served, [[2]], other.Token)!;
        model.End();
        await before;
        await model.BegunAsync();

        await one.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        Assert.AreEqual(0, model.Cancelled);
        await other.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => second);

        await Waiting.UntilAsync(() => model.Cancelled == 1);
        model.End();
        Assert.AreEqual(3, (await Ask(queue, model, 3)).Single().Score);
        CollectionAssert.AreEqual(new[] { 1, 2, 1 }, model.Batches);
    }

    [TestMethod]
    public async Task TryRecognize_OneOfABatchCancelled_TheOthersAreAnswered()
    {
        using var queue = new RecognitionQueue(capacity: 10, _meter);
        var model = new FakeModel();
        using var leaving = new CancellationTokenSource();
        Task<LandmarkAnswer[]> before = Ask(queue, model, 0);
        await model.BegunAsync();
        Task<LandmarkAnswer[]> gone = queue.TryRecognize(model.Served, [[1]], leaving.Token)!, stays = Ask(queue, model, 2);
        model.End();
        await model.BegunAsync();

        await leaving.CancelAsync();
        model.End();

        await Assert.ThrowsAsync<OperationCanceledException>(() => gone);
        Assert.AreEqual(2, (await stays).Single().Score);
        await before;
    }

    [TestMethod]
    public async Task TryRecognize_TwoModels_NoBatchHasBoth()
    {
        using var queue = new RecognitionQueue(capacity: 10, _meter);
        FakeModel old = new(1), next = new(2, isGated: false);
        Task<LandmarkAnswer[]> first = Ask(queue, old, 0);
        await old.BegunAsync();
        Task<LandmarkAnswer[]> second = Ask(queue, old, 1, 2), third = Ask(queue, next, 3, 4, 5), fourth = Ask(queue, old, 6);

        old.End(3);

        Assert.AreSequenceEqual(["1", "1", "1", "2", "2", "2", "1"],
            (await Task.WhenAll(first, second, third, fourth)).SelectMany(answers => answers).Select(answer => answer.Landmark));
        CollectionAssert.AreEqual(new[] { 1, 2, 1 }, old.Batches);
        CollectionAssert.AreEqual(new[] { 3 }, next.Batches);
    }

    [TestMethod]
    public async Task Replace_WhileTheOldModelIsAtWork_FreesItWithItsLastAnswer()
    {
        using var queue = new RecognitionQueue(capacity: 10, _meter);
        using var models = new ServedModels();
        FakeModel old = new(1), next = new(2);
        Assert.IsNull(models.TryTake());
        Assert.IsTrue(models.Replace(old.Served).IsCompleted);
        Task<LandmarkAnswer[]> first = Ask(queue, old, 0);
        await old.BegunAsync();
        Task<LandmarkAnswer[]> second = Ask(queue, old, 1);

        Task freed = models.Replace(next.Served);

        old.End();
        await first;
        await old.BegunAsync();
        Assert.IsFalse(old.IsFreed || freed.IsCompleted);
        old.End();
        await second;
        await freed.WaitAsync(Waiting.Limit);
        Assert.IsTrue(old.IsFreed);
        Assert.IsFalse(old.Served.TryTake());
        ServedModel taken = models.TryTake()!;
        Assert.AreEqual(2, taken.Number);
        models.Dispose();
        Assert.IsFalse(next.IsFreed);
        taken.Release();
        Assert.IsTrue(next.IsFreed);
    }

    [TestMethod]
    public async Task TryRecognize_ModelFails_WhoWaitsIsToldAndTheNextIsAnswered()
    {
        using var queue = new RecognitionQueue(capacity: 10, _meter);
        var model = new FakeModel(isGated: false) { Failure = new InvalidOperationException("broken") };

        InvalidOperationException error = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => Ask(queue, model, 0));

        Assert.AreEqual("broken", error.Message);
        model.Failure = null;
        Assert.AreEqual(1, (await Ask(queue, model, 1)).Single().Score);
    }

    [TestMethod]
    public async Task TryRecognize_OneOfABatchFails_TheOthersAreAnswered()
    {
        const int Culprit = 3;
        using var queue = new RecognitionQueue(capacity: 10, _meter);
        var model = new FakeModel { Failure = new InvalidOperationException("broken"), IsCulprit = file => file[0] == Culprit };
        Task<LandmarkAnswer[]> first = Ask(queue, model, 0);
        await model.BegunAsync();
        Task<LandmarkAnswer[]>[] others = [.. Enumerable.Range(1, 4).Select(i => Ask(queue, model, (byte)i))];

        model.End(6);

        foreach (int i in (int[])[1, 2, 4])
            Assert.AreEqual(i, (await others[i - 1]).Single().Score);
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => others[Culprit - 1]);
        await first;
        CollectionAssert.AreEqual((int[])[1, 4, 1, 1, 1, 1], model.Batches);
    }

    [TestMethod]
    public async Task Dispose_AnswersWhatWaitsAndTakesNoOther()
    {
        var queue = new RecognitionQueue(capacity: 10, _meter);
        var model = new FakeModel();
        Task<LandmarkAnswer[]> first = Ask(queue, model, 0);
        await model.BegunAsync();
        Task<LandmarkAnswer[]> second = Ask(queue, model, 1, 2);

        var ending = Task.Run(queue.Dispose);
        await Waiting.UntilAsync(() => queue.TryRecognize(model.Served, [], CancellationToken.None) is null);
        model.End(2);
        await ending;

        Assert.AreSequenceEqual([0f, 1f, 2f], (await first).Concat(await second).Select(answer => answer.Score!.Value));
        Assert.IsNull(queue.TryRecognize(model.Served, [[3]], CancellationToken.None));
    }

    public void Dispose() => _meter.Dispose();

    private static Task<LandmarkAnswer[]> Ask(RecognitionQueue queue, FakeModel model, params byte[] photographs)
    {
        Task<LandmarkAnswer[]>? answers = queue.TryRecognize(model.Served, [.. photographs.Select(first => new[] { first })],
            CancellationToken.None);
        Assert.IsNotNull(answers);
        return answers;
    }
}
