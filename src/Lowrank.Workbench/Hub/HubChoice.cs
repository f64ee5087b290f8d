namespace Lowrank.Workbench;

/// <summary>The files of a repository that are needed, and what they make.</summary>
/// <param name="What">"diffusers folder", "language model", "adapter", "file".</param>
/// <param name="Place">The path in the repository that a command opens: a folder, empty for the whole, or a file.</param>
/// <param name="Files">The files, by path.</param>
sealed record HubChoice(string What, string Place, IReadOnlyList<HubFile> Files)
{
    /// <summary>What is needed and is not there.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What the user should know of the choice.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
