using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>The column by which a model takes photographs, whatever it is called.</summary>
internal static class PhotographColumn
{
    /// <param name="steps">The model's steps.</param>
    /// <param name="inputs">The columns of the input that answers are made of.</param>
    /// <exception cref="InvalidOperationException">They are no photograph.</exception>
    public static string Find(IEnumerable<ITransformer> steps, IReadOnlyList<DataViewSchema.Column> inputs)
        => inputs is [var column] && (IsPhotograph(column.Type) || (column.Type is TextDataViewType && steps.Any(ReadsPaths)))
            ? column.Name : throw Errors.ModelOfOtherInputs(inputs.Select(input => $"'{input.Name}' of type {input.Type.Describe()}"));

    private static bool IsPhotograph(DataViewType type)
        => type is ImageDataViewType || (type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte);

    // Other steps read a text for what it says.
    private static bool ReadsPaths(ITransformer step)
        => step is ImagePreparingTransformer or ImageEmbeddingTransformer or ImageLoadingTransformer;
}
