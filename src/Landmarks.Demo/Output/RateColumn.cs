using Spectre.Console;
using Spectre.Console.Rendering;

namespace Landmarks.Demo.Output;

/// <summary>How many of a stage's things are done in a second, from its beginning on.</summary>
internal sealed class RateColumn : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        => new Text(task.ElapsedTime is { } time ? $"{Quantity.Rate(task.Value, time)} a second" : "").RightJustified();
}
