namespace Lowrank.Graphs;

/// <summary>An adapter file that a node read, with what it tells of it.</summary>
/// <param name="Adapter">The adapter, which lives as long as the node's place in the cache.</param>
/// <param name="RotatesTwice">Whether strengths of rotations count twice.</param>
public sealed record LoadedAdapter(Adapter Adapter, bool RotatesTwice)
{
    /// <summary>Reads a file of the folder of adapters for a base.</summary>
    /// <exception cref="LowrankException">There is no such file, or it does not fit the base.</exception>
    public static LoadedAdapter Read(NodeRun run, GraphBase of, string name)
    {
        string path = run.Settings.Folders.Weight("loras", name);
        var adapter = run.Keep(AdapterFile.Read(path, of.Model.Describe(), run.Settings.ModelOptions.AllowUnmatched));
        foreach (string remark in AdapterRemarks.Of(adapter, name)) run.Note(remark);
        return new(adapter, run.Settings.LikeComfyUi);
    }

    /// <summary>What it does to a side of a model.</summary>
    public AdapterChange Change(ModelSide side, double strength) => new(Adapter, side, strength) { RotatesTwice = RotatesTwice };
}
