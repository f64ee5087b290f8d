namespace Lowrank.Workbench;

/// <summary>A folder for the pictures of a grid that is saved alone; gone with them when it is disposed of.</summary>
sealed class GridRoom : IDisposable
{
    /// <summary>Its path.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("lowrank-grid-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
