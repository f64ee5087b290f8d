namespace Lowrank.Models;

/// <summary>A base model that is loaded.</summary>
public abstract class BaseModel : IDisposable
{
    /// <summary>The family by which adapters' files tell models apart: "sd1".</summary>
    public abstract string Family { get; }

    /// <summary>The folder or file it came from.</summary>
    public abstract string Location { get; }

    /// <summary>Its name for people: the folder's, or the file's without its ending.</summary>
    public string Name => Directory.Exists(Location)
        ? CachedName.Of(Location) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Location)))
        : Path.GetFileNameWithoutExtension(Location);

    /// <summary>What was guessed or taken from elsewhere, a sentence each.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>The model as adapters see it, one and the same at every call.</summary>
    public abstract ModelDescription Describe();

    /// <summary>Frees its weights.</summary>
    public abstract void Dispose();
}
