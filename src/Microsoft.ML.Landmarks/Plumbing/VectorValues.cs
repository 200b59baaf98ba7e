using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Gives a kernel's values to a consumer, who owns the buffer that they are copied to.</summary>
internal static class VectorValues
{
    public static void CopyTo(this ReadOnlySpan<float> values, ref VBuffer<float> target)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref target, values.Length);
        values.CopyTo(editor.Values);
        target = editor.Commit();
    }

    /// <summary>A row whose values are all the same.</summary>
    public static void Fill(float value, int length, ref VBuffer<float> target)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref target, length);
        editor.Values.Fill(value);
        target = editor.Commit();
    }
}
