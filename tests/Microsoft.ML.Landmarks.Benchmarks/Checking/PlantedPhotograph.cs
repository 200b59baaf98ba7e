namespace Microsoft.ML.Landmarks.Benchmarks.Checking;

/// <summary>A photograph of a set into which faults were planted.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">The label that it has, right or wrong.</param>
/// <param name="ImagePath">The file.</param>
/// <param name="Fault">What was made wrong with it.</param>
/// <param name="Original">The row of the photograph that it was made of; -1 where it was not made.</param>
internal sealed record PlantedPhotograph(string Id, int Label, string ImagePath, PlantedFault Fault = PlantedFault.None, int Original = -1);
