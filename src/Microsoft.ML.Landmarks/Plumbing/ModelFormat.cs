namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>What identifies one kind of transformer, and the layout of its data, in a model file.</summary>
/// <param name="Signature">Exactly 8 characters.</param>
/// <param name="LoaderName">At most 23 characters.</param>
/// <param name="Version">The layout that this version writes.</param>
/// <param name="OldestReadable">The oldest layout that this version reads.</param>
internal sealed record ModelFormat(string Signature, string LoaderName, uint Version, uint OldestReadable);
