namespace Lowrank.Graphs;

/// <summary>An adapter file that a node reads from the folder of adapters.</summary>
static class LoadedAdapter
{
    /// <summary>Reads it for a base; it lives as long as the node's place in the cache.</summary>
    /// <exception cref="LowrankException">There is no such file, or it does not fit the base.</exception>
    public static Adapter Read(NodeRun run, GraphBase of, string name)
    {
        var settings = run.Settings;
        string path = settings.Folders.Weight("loras", name);
        return run.Keep(GraphAdapters.Read(path, of.Model, settings.ModelOptions.AllowUnmatched, settings.LikeComfyUi, run.Note));
    }
}
