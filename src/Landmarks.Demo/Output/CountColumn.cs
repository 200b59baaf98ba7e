using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Landmarks.Demo.Output;

/// <summary>How many of a stage's things are done.</summary>
internal sealed class CountColumn : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        => new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:F0} of {task.MaxValue:F0}")).RightJustified();
}
