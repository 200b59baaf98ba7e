using Landmarks.Demo.Data;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.Methods;

/// <summary>Photographs that are to go from the rows of a model, wherever these are.</summary>
internal sealed class RemovedPhotographs
{
    private readonly Session _session;
    private readonly RemoveSettings _settings;
    private readonly IReadOnlyList<string> _listed;

    /// <summary>Reads the list of them, where there is one.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="settings">What is removed.</param>
    /// <exception cref="JobFailedException">The list can't be read.</exception>
    public RemovedPhotographs(Session session, RemoveSettings settings)
    {
        (_session, _settings) = (session, settings);
        _listed = settings.PhotographsFile is { } file ? PhotographList.Read(file) : [];
    }

    /// <summary>The ids that are asked for, and those of the list.</summary>
    public IReadOnlyList<string> Asked => [.. _settings.Photographs, .. _listed];

    /// <summary>Those that are there, each once; a warning tells of others in the list.</summary>
    /// <param name="model">The model's file, or an index.</param>
    /// <param name="hasIds">Whether its photographs have ids.</param>
    /// <param name="known">These, or those of them that are asked for.</param>
    /// <exception cref="JobFailedException">One that was asked for by itself is not there, or none of the list is.</exception>
    public string[] Find(string model, bool hasIds, IReadOnlyList<string> known)
    {
        string[] listed = _listed.Count == 0 ? [] : ModelIds.FindKnown(model, hasIds, known, _listed, unknown
            => _session.Log.Warn(Errors.UnknownIdsOfList(_settings.PhotographsFile!, model, unknown.Count, unknown[0])));
        return ModelIds.Find(model, hasIds, known, _settings.Photographs.Concat(listed));
    }
}
