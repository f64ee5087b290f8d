namespace Lowrank.Workbench;

/// <summary>Files where a web UI keeps them: a folder for each kind. What is loaded of them stays until this is disposed of.</summary>
public sealed class WebUiFolders : IWebUiFiles, IDisposable
{
    static readonly string[] modelEndings = [".safetensors", ".ckpt"], wordEndings = [".safetensors", ".pt", ".bin"];

    readonly Dictionary<string, WebUiModel> loaded = [];
    readonly Dictionary<(string Name, double Scale), WebUiVae> vaes = [];
    readonly AdapterShelf readAdapters = new();
    readonly Lazy<AdapterFolder?> adapters;
    readonly Lazy<IReadOnlyList<CheckpointTitle>> titles;
    readonly Lazy<IReadOnlyList<WebUiWord>> words;
    readonly Lazy<StyleSheet> styles;

    /// <summary>Looks when it is asked.</summary>
    public WebUiFolders()
    {
        adapters = new(() => Adapters is { } folder ? new AdapterFolder(folder) : null);
        titles = new(() => [.. Files(Models, modelEndings, nameof(Models)).Select(path =>
            CheckpointTitle.Of(path, Path.GetRelativePath(Models!, path)))]);
        words = new(() => [.. Files(Embeddings, wordEndings, nameof(Embeddings)).Select(path =>
            new WebUiWord(Path.GetFileNameWithoutExtension(path), path, KeptSha256.Of(path)[..WordDigits]))]);
        styles = new(() => StylesFile is { } path ? StyleSheet.ReadFile(path) : StyleSheet.Empty);
    }

    const int WordDigits = 12, VaeDigits = 10;

    /// <summary>Folder of base models; null for none.</summary>
    public string? Models { get; init; }

    /// <summary>Name of the one at hand; null is the first.</summary>
    public string? AtHand { get; init; }

    /// <summary>Folder of autoencoders.</summary>
    public string? Vaes { get; init; }

    /// <summary>Folder of adapters.</summary>
    public string? Adapters { get; init; }

    /// <summary>Folder of embeddings.</summary>
    public string? Embeddings { get; init; }

    /// <summary>The styles.csv.</summary>
    public string? StylesFile { get; init; }

    /// <summary>What checkpoints of the folder cannot say of themselves: settings that are not their family's usual ones.</summary>
    public CheckpointOptions ModelOptions { get; init; } = new();

    /// <summary>dtype in which weights are kept, and where.</summary>
    public Storage Storage { get; init; } = Storage.Default;

    /// <summary>Models and autoencoders that there are.</summary>
    public WebUiFiles Listed => new(titles.Value, [.. Files(Vaes, modelEndings, nameof(Vaes)).Select(path => Path.GetFileName(path))]);

    /// <inheritdoc/>
    public IReadOnlyList<WebUiWord> Words => words.Value;

    /// <inheritdoc/>
    public AdapterShelf ReadAdapters => readAdapters;

    /// <inheritdoc/>
    public StyleSheet Styles => styles.Value;

    /// <inheritdoc/>
    public string? Adapter(string name) => Adapter(name, takesLast: true);

    /// <summary>The file of an adapter.</summary>
    /// <param name="name">Its own name, or what its maker called it.</param>
    /// <param name="takesLast">Whether of several files the last by path is taken, as the web UI does.</param>
    /// <exception cref="LowrankException">Several have the name.</exception>
    internal string? Adapter(string name, bool takesLast) => adapters.Value?.TryFind(name, takesLast);

    /// <inheritdoc/>
    public WebUiModel? Model(string? name)
    {
        name ??= AtHand;
        var title = name is null ? titles.Value is [var first, ..] ? first : null : CheckpointTitle.Find(name, titles.Value);
        if (title is null) return null;
        if (!loaded.TryGetValue(title.Name, out var model))
            loaded[title.Name] = model = new(LoadedFrom(Path.Combine(Models!, title.Name)), title);
        return model;
    }

    StableDiffusion LoadedFrom(string path) => StableDiffusion.Load(path, Storage, options: ModelOptions);

    /// <inheritdoc/>
    public WebUiVae Vae(string name, double scale)
    {
        if (vaes.TryGetValue((name, scale), out var known)) return known;
        string[] files = [.. Files(Vaes, modelEndings, nameof(Vaes))];
        string path = Array.Find(files, file => Path.GetFileName(file) == name) ?? throw new LowrankException(
            $"There is no autoencoder {name} ({NearestNames.Told(name, files.Select(file => Path.GetFileName(file)))}).");
        var vae = AutoencoderFile.Load(path, Storage, null, out _, scale);
        return vaes[(name, scale)] = new WebUiVae(vae, name, KeptSha256.Of(path)[..VaeDigits]);
    }

    static IEnumerable<string> Files(string? folder, IEnumerable<string> endings, string property)
    {
        if (folder is null) return [];
        if (!Directory.Exists(folder))
            throw new LowrankException($"{property} of the web UI's folders is \"{folder}\", which is no folder (null is for none).");
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => endings.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        readAdapters.Dispose();
        foreach (var model in loaded.Values) model.Model.Dispose();
        foreach (var vae in vaes.Values) vae.Vae.Dispose();
        loaded.Clear();
        vaes.Clear();
    }
}
