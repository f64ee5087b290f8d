namespace Lowrank.Graphs;

/// <summary>Names that graphs give to files of a folder, which stay in it.</summary>
static class PlaceInFolder
{
    /// <summary>Why a name is none for a file in a folder or under it, a sentence; null if it is one.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="name">The name, perhaps with folders before it.</param>
    /// <param name="kind">What the folder is: "input", "output".</param>
    public static string? WhyNot(string root, string name, string kind) =>
        InsideFolder.Fault(root, name, kind, takesWhole: true) is { } fault ? $"{fault}." : null;
}
