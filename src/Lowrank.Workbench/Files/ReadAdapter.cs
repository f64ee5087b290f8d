namespace Lowrank.Workbench;

/// <summary>An adapter file, read for a model.</summary>
sealed class ReadAdapter : IDisposable
{
    readonly Lazy<string> hash;
    readonly AdapterShelf? shelf;

    /// <summary>Reads it, or takes it from where it was kept.</summary>
    /// <inheritdoc cref="ReadAdapter(StableDiffusion, string, int?, bool, AdapterShelf?)"/>
    public static ReadAdapter Of(
        StableDiffusion model, string path, AdapterShelf? shelf, int? rank = null, bool allowUnmatched = false) =>
        shelf?.TryTake(model, path, rank, allowUnmatched) ?? new(model, path, rank, allowUnmatched, shelf);

    /// <summary>Reads it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, or PEFT's folder.</param>
    /// <param name="rank">Ranks that are kept of each layer, as a tag says it; null for all.</param>
    /// <param name="allowUnmatched">Whether keys that belong to no layer are passed over.</param>
    /// <param name="shelf">Where it is kept afterwards; null frees it.</param>
    /// <exception cref="LowrankException">It does not fit the model; the message says what it looks made for.</exception>
    ReadAdapter(StableDiffusion model, string path, int? rank, bool allowUnmatched, AdapterShelf? shelf)
    {
        (Model, Path, Rank, AllowsUnmatched) = (model, path, rank, allowUnmatched);
        this.shelf = shelf;
        Stamp = FileStamp.Of(path);
        using var file = WidenedAdapter.Open(path, model);
        Adapter = AdapterFile.Read(file, model.Describe(), allowUnmatched);
        hash = new(() => WebUiAdapter.Of(AdapterPlace.TensorsOf(path)).ShortHash);
        try
        {
            if (rank is { } most) Cut(most);
        }
        catch
        {
            Free();
            throw;
        }
    }

    /// <summary>The model that it was read for.</summary>
    public StableDiffusion Model { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The state of the file.</summary>
    public string Stamp { get; }

    /// <summary>Ranks that were kept of each layer; null for all.</summary>
    public int? Rank { get; }

    /// <summary>Whether keys that belong to no layer were to be passed over.</summary>
    public bool AllowsUnmatched { get; }

    /// <summary>What it holds.</summary>
    public Adapter Adapter { get; }

    /// <summary>The 12 digits by which AUTOMATIC1111 tells files apart.</summary>
    public string Hash => hash.Value;

    /// <summary>What the user should know of how it was read.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    void Cut(int most)
    {
        var whole = RankCut.Cut(Adapter, most);
        if (whole.Count > 0) Notes = [$"{Path}: dyn={most} cuts LoRA alone, and it holds {string.Join(", ", whole)} too"];
    }

    /// <summary>Frees it, whoever keeps it.</summary>
    public void Free() => Adapter.Dispose();

    /// <summary>Gives it back to where it is kept; frees it where it is not.</summary>
    public void Dispose()
    {
        if (shelf is null) Free();
        else shelf.GiveBack(this);
    }
}
