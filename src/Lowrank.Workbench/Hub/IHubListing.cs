namespace Lowrank.Workbench;

/// <summary>The files of a repository at one commit: on the hub, or those that the cache has.</summary>
interface IHubListing
{
    /// <summary>As messages name it.</summary>
    string Name { get; }

    /// <summary>All of them.</summary>
    IReadOnlyList<HubFile> Files { get; }

    /// <summary>The text of a small one, which tells which others are needed.</summary>
    /// <exception cref="LowrankException">It is too large for such a text, or cannot be read.</exception>
    string ReadText(HubFile file);
}
