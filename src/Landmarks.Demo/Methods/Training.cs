using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Methods;

/// <summary>Fits models: photographs to pixels to embeddings to landmarks.</summary>
internal sealed class Training
{
    private readonly Session _session;
    private readonly FitSettings _settings;
    private readonly ImageEmbeddingEstimator _network;
    private bool _hasToldNetwork;

    /// <summary>Reads the files and the network, but no photograph: most mistakes are found here.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="settings">What the models are fitted to, and how.</param>
    /// <param name="learns">Whether any is fitted, or photographs are embedded alone.</param>
    /// <exception cref="WrongArgumentException">The image size is not the network's.</exception>
    /// <exception cref="JobFailedException">There is no landmark or no non-landmark.</exception>
    public Training(Session session, FitSettings settings, bool learns = true)
    {
        _session = session;
        _settings = settings;
        _network = Embedding.CreateNetwork(session, settings);
        ImageSizes = ChooseImageSizes(session, settings, _network);
        _settings = settings with { PreparedSize = settings.PreparedSize ?? ImageSizes[0] };
        // The search comes last; that it can't have its GPU is found first.
        if (learns && settings is { Gpu: not null, FallbackToCpu: false })
            _ = session.ML.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { GpuDeviceId = settings.Gpu });
        // What is left out is told before hours of work, and tells why there is nothing to work on.
        Data = session.TellWarnings(() => settings.OpenData(session.ML, session.Cancellation));
        Learner = new Learner(session, settings.Learning, Data.Counts.Landmarks, settings.Gpu, settings.FallbackToCpu);
    }

    /// <summary>Sides of the images in pixels: those asked for, or the one that suits the network.</summary>
    /// <exception cref="WrongArgumentException">A size is not the network's, or too large for the shorter side.</exception>
    /// <exception cref="JobFailedException">The network takes no squares.</exception>
    public static IReadOnlyList<int> ChooseImageSizes(Session session, FitSettings settings, ImageEmbeddingEstimator network)
    {
        if (network is { FixedImageSize: null, FixedImageHeight: { } height, FixedImageWidth: { } width })
            throw Errors.NotSquare(height, width);
        foreach (int size in settings.ImageSizes)
        {
            int side = settings.Preparation.SideOf(size);
            if (network.FixedImageSize is { } fixedSize && side != fixedSize)
                throw Errors.ImageSize(side, fixedSize);
        }

        IReadOnlyList<int> sizes = settings.ImageSizes.Count > 0 ? settings.ImageSizes : [ChooseImageSize(session, settings, network)];
        int[] sides = [.. sizes.Select(settings.Preparation.SideOf).Distinct()];
        return settings.At(settings.Preparation, sides[0]).ShorterSideTo is { } shorterSide && shorterSide < sides[0]
            ? throw Errors.ShorterSide(shorterSide, sides[0]) : sides;
    }

    /// <summary>What the models are fitted to.</summary>
    public TrainingData Data { get; }

    /// <summary>Fits models to their embeddings.</summary>
    public Learner Learner { get; }

    /// <summary>What there is to say of how photographs are prepared, and of them, in words.</summary>
    public IEnumerable<string> Remarks => new[]
    {
        _settings.Preprocessor?.Describe(_settings.At(_settings.Preparation, ImageSizes[0]), ImageSizes), Data.Remark,
    }.OfType<string>();

    /// <summary>Sides of the images in pixels: those asked for, or the one that suits the network.</summary>
    public IReadOnlyList<int> ImageSizes { get; }

    /// <summary>
    /// Sides of the images of which the mean of the embeddings is worth its time: those above, and where none was asked for and the
    /// network takes any, a smaller and a larger one. All are tried on an image each. Where none was asked for, those at which the network
    /// fails are left out, with a warning.
    /// </summary>
    /// <exception cref="WrongArgumentException">The network fails at a size that was asked for.</exception>
    public IReadOnlyList<int> ChooseSeveralImageSizes()
    {
        if (_settings.ImageSizes.Count > 0 || _network.FixedImageSize is not null)
        {
            CreateEmbedding(ImageSizes).Dispose();
            return ImageSizes;
        }

        List<int> taken = [];
        InvalidOperationException? failure = null;
        foreach (int size in new[] { ImageSizes[0], Scale(0.7), Scale(1.4) }.Distinct())
        {
            try
            {
                // Together with the others, since their mean is taken.
                CreateEmbedding([.. taken, size]).Dispose();
                taken.Add(size);
            }
            catch (InvalidOperationException e)
            {
                _session.Log.Warn(Errors.ImageSizeLeftOut(size, e));
                failure ??= e;
            }
        }

        return taken.Count > 0 ? taken : throw failure!;
    }

    /// <summary>What --best would do, in words; null where it is done, or image sizes were asked for.</summary>
    public string? WhatBestDoes => _settings switch
    {
        { IsBest: true } or { ImageSizes.Count: > 0 } => null,
        _ when _network.FixedImageSize is not null
            => "fit --best may answer more photographs right: those of a landmark learn from each other.",
        _ => "fit --best may answer more photographs right, by three image sizes; fitting and answering take some three times as long.",
    };

    /// <summary>Makes the steps that embed, and tries them on an image of each size.</summary>
    /// <param name="imageSizes">Sides of the images in pixels, at least one.</param>
    /// <exception cref="WrongArgumentException">The network fails at a size that was asked for.</exception>
    public Embedding CreateEmbedding(params IReadOnlyList<int> imageSizes)
    {
        try
        {
            var embedding = new Embedding(_session, _settings, _network, imageSizes, Data.Rows);
            TellWhatWasFound(embedding);
            return embedding;
        }
        catch (InvalidOperationException e) when (_settings.ImageSizes.Count > 0 && e is not GpuUnavailableException)
        {
            throw Errors.ImageSizeFails(e);
        }
    }

    /// <summary>Prepares and embeds each photograph once, and keeps the embeddings.</summary>
    public IDataView Embed(Embedding embedding, IProgressBoard board) => embedding.Keep(Data.Rows, AddPhotographs(board));

    /// <summary>Fits what the settings say to embeddings as they come.</summary>
    public FittedStep Fit(Embedding embedding)
        => _session.Follow(board => Learner.Fit(embedding.Transform(Data.Rows, AddPhotographs(board)), board));

    /// <summary>The most bytes that a model takes.</summary>
    public long LargestModel(Embedding embedding) => LandmarkModel.MostBytes(_network.NetworkBytes, Data.Counts.All,
        ((VectorDataViewType)embedding.Steps.GetOutputSchema(Data.Rows.Schema)[Embedding.Features].Type).Size);

    /// <summary>A model of all steps; they are disposed with it.</summary>
    public static LandmarkModel CreateModel(Embedding embedding, FittedStep fitted)
        => new("The fitted model", new TransformerChain<ITransformer>([.. embedding.Steps, fitted.Step]));

    private static int ChooseImageSize(Session session, FitSettings settings, ImageEmbeddingEstimator network)
    {
        if (settings.Preprocessor is not { } preprocessor)
            return network.ImageSize ?? ImagePreparingEstimator.Defaults.ImageSize;
        int size = preprocessor.Preparation.ImageSize;
        if (network.FixedImageSize is not { } fixedSize || settings.Preparation.SideOf(size) == fixedSize)
            return size;
        session.Log.Warn(Errors.PreprocessorSize(preprocessor.File, size, fixedSize));
        return fixedSize;
    }

    // Once: each of several sizes is tried, and all are embedded by the same output.
    private void TellWhatWasFound(Embedding embedding)
    {
        if (_hasToldNetwork)
            return;
        _hasToldNetwork = true;
        if (_network.LeftOut.Count > 0)
            _session.Terminal.WriteLine($"Of the network what images do without is left out: {string.Join(", ", _network.LeftOut)}.");
        if ((_settings.NetworkOutput is null && _network.Outputs.Count > 1)
            || (_settings.Pooling is null && embedding.Pooling.Kind != EmbeddingPoolingKind.None))
        {
            _session.Terminal.WriteLine($"Embeddings are made of the network's output '{_network.ModelOutputName}'; pooling: "
                + $"{PoolingWords.Of(embedding.Pooling)}.");
        }
    }

    private IProgress<long> AddPhotographs(IProgressBoard board) => board.Add("Photographs", Data.Counts.All);

    // Networks halve their images five times or so; sides that divide by 32 leave no edge out.
    private int Scale(double factor)
    {
        const int Step = 32;
        return Step * Math.Max(1, (int)Math.Round(factor * ImageSizes[0] / Step));
    }
}
