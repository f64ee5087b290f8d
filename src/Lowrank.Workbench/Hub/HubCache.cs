namespace Lowrank.Workbench;

/// <summary>The cache on the disk, laid out as every program that uses the hub expects it.</summary>
/// <remarks>
/// <c>models--owner--name</c> holds <c>refs/main</c> (a commit), <c>blobs/HASH</c> (bytes) and <c>snapshots/COMMIT/path</c> (links to
/// them); <c>.locks</c> beside it keeps two programs from fetching the same file. As in huggingface_hub 1.x.
/// </remarks>
/// <param name="folder">The cache's folder.</param>
/// <param name="usesLinks">Whether to try links; without, a snapshot has the bytes themselves.</param>
sealed class HubCache(string folder, bool usesLinks = true)
{
    // As bford.info/cachedir has it.
    const string CacheTag = "Signature: 8a477f597d28d172789f06886806bc55\n# Files of the Hugging Face hub, which can be fetched again.\n";

    // What the system says of a file that another program holds: a sharing violation, or EWOULDBLOCK.
    static readonly int heldByAnother = OperatingSystem.IsWindows() ? 32 : OperatingSystem.IsMacOS() ? 35 : 11;

    bool canLink = usesLinks;

    /// <summary>The commit that a revision was when it was last fetched; null where it never was.</summary>
    public string? CommitOf(HubName name)
    {
        if (HubName.IsCommit(name.AtRevision)) return name.AtRevision;
        string path = HubPath.Below(Path.Combine(FolderOf(name), "refs"), name.AtRevision);
        string? told = File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        return told is not null && HubName.IsCommit(told) ? told : null;
    }

    /// <summary>What the cache has of a repository at its revision; null where that is nothing.</summary>
    public HubSnapshot? Snapshot(HubName name) => CommitOf(name) is { } commit && Directory.Exists(SnapshotOf(name, commit))
        ? new(name, SnapshotOf(name, commit))
        : null;

    /// <summary>The folder of a snapshot.</summary>
    public string SnapshotOf(HubName name, string commit) => Path.Combine(FolderOf(name), "snapshots", commit);

    /// <summary>Where a file stands in a snapshot.</summary>
    public string PlaceOf(HubName name, string commit, HubFile file) => HubPath.Below(SnapshotOf(name, commit), file.Path);

    /// <summary>Where a file's bytes lie, under their hash.</summary>
    public string BlobOf(HubName name, HubFile file) => Path.Combine(FolderOf(name), "blobs", file.Hash);

    /// <summary>Where bytes lie that have arrived so far.</summary>
    public string IncompleteOf(HubName name, HubFile file) => BlobOf(name, file) + ".incomplete";

    /// <summary>Bytes of a file that are there: all of them, those of a cut transfer, or none.</summary>
    public long Present(HubName name, string commit, HubFile file)
    {
        if (IsWhole(PlaceOf(name, commit, file), file) || IsWhole(BlobOf(name, file), file)) return file.Size;
        string incomplete = IncompleteOf(name, file);
        return File.Exists(incomplete) ? Math.Min(SizeOf(incomplete), file.Size) : 0;
    }

    /// <summary>Whether a snapshot has a file.</summary>
    public bool HasPlace(HubName name, string commit, HubFile file) => IsWhole(PlaceOf(name, commit, file), file);

    /// <summary>Whether the bytes of a file are there.</summary>
    public bool HasBlob(HubName name, HubFile file) => IsWhole(BlobOf(name, file), file);

    /// <summary>Makes the folders of a repository, and marks the cache as one, for programs that save disks.</summary>
    public void Prepare(HubName name)
    {
        Directory.CreateDirectory(Path.Combine(FolderOf(name), "blobs"));
        Directory.CreateDirectory(LocksOf(name));
        string tag = Path.Combine(folder, "CACHEDIR.TAG");
        if (!File.Exists(tag)) File.WriteAllText(tag, CacheTag);
    }

    /// <summary>Waits until no other program fetches a file, and keeps others from it.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="file">The file.</param>
    /// <param name="waits">Told once, where it has to wait.</param>
    /// <param name="cancel">Stops waiting.</param>
    public IDisposable Lock(HubName name, HubFile file, Action waits, CancellationToken cancel)
    {
        string path = Path.Combine(LocksOf(name), $"{file.Hash}.lock");
        for (bool hasTold = false; ; hasTold = true)
        {
            try
            {
                // On Unix this is flock, which Python's programs take too.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when ((error.HResult & 0xffff) == heldByAnother)
            {
                if (!hasTold) waits();
                cancel.WaitHandle.WaitOne(200);
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Puts a file whose bytes are there into its snapshot.</summary>
    public void Place(HubName name, string commit, HubFile file)
    {
        string place = PlaceOf(name, commit, file), blob = BlobOf(name, file);
        string within = Path.GetDirectoryName(place)!;
        Directory.CreateDirectory(within);
        if (new FileInfo(place) is { LinkTarget: not null } or { Exists: true }) File.Delete(place);
        if (canLink && TryLink(place, Path.GetRelativePath(within, blob))) return;
        canLink = false;
        File.Move(blob, place);   // one copy: another commit fetches it again where it is not the same place
    }

    /// <summary>Remembers which commit a revision is.</summary>
    public void Remember(HubName name, string commit)
    {
        if (name.AtRevision == commit) return;
        string path = HubPath.Below(Path.Combine(FolderOf(name), "refs"), name.AtRevision);
        AtomicFile.WriteText(path, commit);
    }

    /// <summary>The bytes of a file, of what a link leads to.</summary>
    public static long SizeOf(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.GetLength(file);
    }

    string FolderOf(HubName name) => Path.Combine(folder, EntryOf(name));

    string LocksOf(HubName name) => Path.Combine(folder, ".locks", EntryOf(name));

    static string EntryOf(HubName name) => $"models--{name.Owner}--{name.Name}";

    static bool IsWhole(string path, HubFile file) => File.Exists(path) && SizeOf(path) == file.Size;

    static bool TryLink(string place, string target)
    {
        try
        {
            File.CreateSymbolicLink(place, target);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
