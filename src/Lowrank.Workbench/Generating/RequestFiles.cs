namespace Lowrank.Workbench;

/// <summary>What the names of a request in a web UI's way lead to: what it gives, and its folders.</summary>
sealed class RequestFiles : IWebUiFiles, IDisposable
{
    readonly WebUiModel model;
    readonly WebUiModel? refiner;
    readonly WebUiVae? vae;
    readonly WebUiFolders folders;
    readonly Dictionary<string, string> given = [];
    readonly List<string> tags = [];
    readonly IReadOnlyList<WebUiWord> words;
    readonly bool isLenient;

    /// <summary>Looks what there is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="models">Its models, loaded.</param>
    /// <param name="vae">The autoencoder of its file, loaded; null for the model's own.</param>
    /// <param name="adapters">Its adapters; the first are those that all pictures have.</param>
    /// <param name="shelf">Where adapters that were read are kept.</param>
    /// <param name="texts">Its prompts, whose words are taught.</param>
    /// <exception cref="LowrankException">Two of its adapters have one name.</exception>
    public RequestFiles(
        GeneratingRequest request, DrawingModels models, Autoencoder? vae, AttachedAdapters adapters, AdapterShelf shelf,
        IReadOnlyList<string> texts)
    {
        ReadAdapters = shelf;
        model = new(models.Base, TitleOf(request.Model, models.Base.Name));
        refiner = models.Refiner is { } second ? new(second, TitleOf(request.Refiner!.Path, second.Name)) : null;
        this.vae = vae is null ? null : new(vae, VaeFile.NameOf(request.Vae!), VaeFile.HashOf(request.Vae!));
        isLenient = request.Reading.Lenient;
        folders = new WebUiFolders { Adapters = request.Reading.Adapters, Embeddings = request.Reading.Words };
        words = [.. folders.Words.Where(word => texts.Any(text => text.Contains(word.Name, StringComparison.OrdinalIgnoreCase)))];
        foreach (var adapter in adapters.All.Take(request.Adapters.Count)) Take(adapter);
    }

    /// <summary>Tags of the adapters that all pictures have.</summary>
    public IReadOnlyList<string> Tags => tags;

    /// <inheritdoc/>
    public IReadOnlyList<WebUiWord> Words => words;

    /// <inheritdoc/>
    public AdapterShelf ReadAdapters { get; }

    /// <inheritdoc/>
    /// <remarks>They were put on the prompts before.</remarks>
    public StyleSheet Styles => StyleSheet.Empty;

    /// <inheritdoc/>
    public WebUiModel? Model(string? name) => name is null ? model : name == Refiner ? refiner : null;

    /// <summary>What a job calls the model that takes over on the way, whatever its file is called.</summary>
    public const string Refiner = "refiner";

    /// <inheritdoc/>
    public WebUiVae Vae(string name, double scale) => vae ?? throw new LowrankException($"There is no autoencoder {name}.");

    /// <inheritdoc/>
    public string? Adapter(string name) => given.GetValueOrDefault(name) ?? folders.Adapter(name, takesLast: isLenient);

    void Take(AttachedAdapter adapter)
    {
        string name = adapter.Choice is TaggedAdapter tagged ? tagged.Tag.Name : adapter.Name, path = adapter.Choice.Path;
        tags.Add(adapter.Tag);
        if (!given.TryAdd(name, path) && given[name] != path)
            throw new LowrankException($"{given[name]} and {path} are both called {name}, and AUTOMATIC1111 tells adapters apart by " +
                "their names. Give one of them another name.");
    }

    // A folder is no file that has a hash.
    static CheckpointTitle TitleOf(string path, string name) =>
        File.Exists(path) ? CheckpointTitle.Of(path) : new($"{name}.safetensors", null, "");

    /// <inheritdoc/>
    public void Dispose() => folders.Dispose();
}
