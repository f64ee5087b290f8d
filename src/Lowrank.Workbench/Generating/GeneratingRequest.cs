namespace Lowrank.Workbench;

/// <summary>Pictures that are to be drawn and saved.</summary>
/// <param name="Model">Folder or file of the base model.</param>
/// <param name="Prompts">One or more.</param>
/// <param name="Seeds">Every prompt is drawn with each.</param>
/// <param name="Output">A folder, or a file for the only picture or the grid.</param>
public sealed record GeneratingRequest(string Model, IReadOnlyList<string> Prompts, IReadOnlyList<long> Seeds, string Output) : IJobRequest
{
    /// <summary>What the model cannot say of itself, and whether keys without a place, of adapters too, are passed over.</summary>
    public CheckpointOptions ModelOptions { get; init; } = new();

    /// <summary>Adapters, in the order in which they are attached.</summary>
    public IReadOnlyList<AdapterChoice> Adapters { get; init; } = [];

    /// <summary>How pictures are made; its prompts and seeds are filled in batch by batch.</summary>
    public GenerateOptions Options { get; init; } = new();

    /// <summary>The picture that is changed, whole or in part; null draws from text alone.</summary>
    public PictureChange? Change { get; init; }

    /// <summary>
    /// Checkpoint, autoencoder file or folder whose autoencoder works in place of the model's own, a small one (TAESD) too; null for none.
    /// </summary>
    public string? Vae { get; init; }

    /// <summary>A base model that takes over on the way; null for none.</summary>
    public RefinerChoice? Refiner { get; init; }

    /// <summary>
    /// Where the one picture stands among those that it is made at once with, to be the same to the last digit; null for no place.
    /// </summary>
    public BatchPlace? Place { get; init; }

    /// <summary>What of prompts is read before they are encoded; nothing unless it is said.</summary>
    public PromptReading Reading { get; init; } = new();

    /// <summary>
    /// What of the options' sampling was chosen; the rest gives way to the settings of a few-step base or adapter. All of it, unless said.
    /// </summary>
    public GivenSampling Given { get; init; } = GivenSampling.All;

    /// <summary>"auto", "bf16" or "f32".</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>What computes; "auto" is the fastest that this machine has.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Whether to lay the pictures out in one: prompts down, seeds across.</summary>
    public bool Grid { get; init; }

    /// <summary>How a grid of them looks.</summary>
    public GridLook Look { get; init; } = GridLook.Usual;

    /// <summary>Steps from one look at unfinished pictures to the next; 0 for none.</summary>
    public int PreviewEvery { get; init; }

    /// <summary>File or folder of a TAESD that draws them; null means a linear approximation.</summary>
    public string? PreviewModel { get; init; }

    /// <summary>How pictures are written; null means as the output's ending says, and PNG in a folder.</summary>
    public PictureEncoding? Encoding { get; init; }

    /// <summary>How files in a folder are named; null numbers them.</summary>
    public FileNamePattern? Names { get; init; }

    /// <summary>Whether each picture's file is to hold a graph that draws it in ComfyUI.</summary>
    public bool EmbedsGraph { get; init; }

    /// <summary>Styles that an axis may put on the prompts; null for none.</summary>
    public StyleSheet? Styles { get; init; }

    /// <summary>Styles that were put on the prompts, for names of files to tell.</summary>
    public StyleSheet Styled { get; init; } = StyleSheet.Empty;

    /// <summary>Whether an existing file may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Whether nothing else will be asked of the model: a request of one batch then has each of its parts in memory only while it is
    /// needed (<see cref="TextToImage.FreesParts"/>).
    /// </summary>
    public bool IsOnly { get; init; }

    /// <summary>Whether it is a cell of a grid.</summary>
    internal bool IsCell { get; init; }

    /// <summary>Whether what the folder holds already, by the same text, is not drawn again.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether to refuse where something given would not be used as it stands.</summary>
    public bool Strict { get; init; }

    /// <summary>Where it is written, which its errors tell: "prompts.txt, line 3"; null where that is plain.</summary>
    public string? Origin { get; init; }

    /// <summary>What is known of it before the model is loaded, as comments in a file of prompts; the account begins with it.</summary>
    public IReadOnlyList<AccountLine> Known { get; init; } = [];

    /// <summary>
    /// Whether the seeds count up because so many pictures were asked for of the first, rather than each by its own: programs draw such
    /// pictures as one batch.
    /// </summary>
    public bool IsBatch { get; init; }

    /// <summary>
    /// Whether all pictures of a prompt have the first seed: those of a batch, where the program draws one so.
    /// </summary>
    internal bool SharesSeed => IsBatch && Seeds.Count > 1 && Options.Compat.SharesSeed(Options.Variation);

    /// <summary>Number of pictures.</summary>
    public int Count => Prompts.Count * Seeds.Count;

    /// <summary>Whether <see cref="Output"/> names a file.</summary>
    public bool IntoFile => PictureFormat.OfPath(Output) is not null;

    /// <summary>How pictures are written.</summary>
    internal PictureEncoding Written => Encoding ?? new(PictureFormat.OfPath(Output) ?? PictureFormat.Png);

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        foreach (string fault in FaultsOfOutput().Concat(FaultsOfGraph())) yield return fault;
        if (Prompts.Count == 0)
            yield return "What is to be drawn? Give a prompt.";
        if (Seeds.Count == 0) yield return "Which seeds? Give one at least.";
        if (Place is not null && Count > 1) yield return $"A place in a batch is one picture's, and {Count} are asked for.";
        foreach (string fault in Change?.Faults() ?? []) yield return fault;
        if (Options.Batch < 1) yield return $"`batch` is {Options.Batch}; it must be 1 or more.";
        if (Look.Margin < 0) yield return $"`grid margin` is {Look.Margin}; it must be 0 or more.";
        if (PreviewEvery < 0) yield return $"`preview` is {PreviewEvery}; it must be 1 or more, or 0 for none.";
    }

    IEnumerable<string> FaultsOfOutput()
    {
        string formats = string.Join(", ", PictureFormat.All.Select(format => format.Endings[0]));
        if (DrawnPlace.LooksLikeFile(Output))
            yield return $"{Output}: pictures are written as {formats}. Give a name that ends so, or a folder " +
                $"({Output}{Path.DirectorySeparatorChar} makes one of that name).";
        if (PictureFormat.OfPath(Output) is { } named && named != Written.Format)
            yield return $"{Output} is to be a {Written.Format.Name}. Give a name that ends in {Written.Format.Endings[0]}, or a folder.";
        if (Names is { } pattern && InsideFolder.Fault(Output, pattern.Text) is { } leading) yield return $"`names`: {leading}.";
        if (Names is not null && IntoFile)
            yield return $"{Output} is a file, and a pattern of names is for a folder's. Leave one of them out.";
        if (Written.Fault(Options.Width ?? 1, Options.Height ?? 1) is { } fault) yield return $"Pictures cannot be written so: {fault}.";
        if (Resume && IntoFile) yield return $"`resume` looks what a folder holds already, and {Output} is a file. Give a folder.";
        if (IntoFile && Count > 1 && !Grid)
            yield return $"{Count} pictures do not fit into {Output}. " +
                "Give a folder, where they are numbered, or `grid` for one picture of all.";
    }

    IEnumerable<string> FaultsOfGraph()
    {
        if (EmbedsGraph && !Written.Format.HoldsGraphs)
            yield return $"`embed graph`: ComfyUI looks for graphs in png and webp, and pictures are written as {Written.Format.Name}. " +
                "Write one of these, or leave it out.";
        if (EmbedsGraph && IntoFile && Grid)
            yield return $"`embed graph`: {Output} is to hold a grid alone, and a graph draws one of its pictures. " +
                "Give a folder, where each picture has its graph, or leave it out.";
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find)
    {
        string? Found(string? place) => place is null ? null : find(place);
        return this with
        {
            Model = find(Model),
            ModelOptions = ModelOptions with { Config = Found(ModelOptions.Config) },
            Adapters = [.. Adapters.Select(adapter => adapter with { Path = find(adapter.Path) })],
            Vae = Found(Vae),
            Refiner = Refiner is null ? null : Refiner with { Path = find(Refiner.Path) },
            PreviewModel = Found(PreviewModel),
        };
    }

    /// <summary>The same with styles put on all its prompts, one after the other.</summary>
    /// <exception cref="LowrankException">There is no style of a name; the nearest are told.</exception>
    public GeneratingRequest WithStyles(StyleSheet sheet, IReadOnlyList<string> names)
    {
        var chosen = sheet.Named(names);
        if (chosen.Count == 0) return this;
        string negative = sheet.Apply("", Options.NegativePrompt ?? "", names).NegativePrompt;
        return this with
        {
            Prompts = [.. Prompts.Select(prompt => sheet.Apply(prompt, "", names).Prompt)],
            Styled = new([.. Styled.Styles, .. chosen], []),
            Options = Options with { NegativePrompt = negative.Length > 0 ? negative : Options.NegativePrompt },
        };
    }

    /// <summary>Finds out before the model is loaded whether everything is there and nothing is overwritten unasked.</summary>
    internal void CheckFiles()
    {
        GivenFiles.RequireWeights("`model`", Model);
        GivenFiles.RequireWeights("`vae`", Vae);
        GivenFiles.RequireWeights("`preview model`", PreviewModel);
        GivenFiles.RequireWeights("`refiner`", Refiner?.Path);
        foreach (var adapter in Adapters) GivenFiles.RequireWeights("`adapter`", adapter.Path);
        GivenFiles.RequirePicture("`init`", Change?.Picture);
        GivenFiles.RequirePicture("`mask`", Change?.Mask);
        if (Options.Width is null || Options.Height is null) Change?.CheckOwnSize();
        DrawnPlace.Check(Output, IntoFile);
        if (IntoFile && File.Exists(Output) && !Overwrite)
            throw new LowrankException($"{Output} exists already. Give another name, or `overwrite`.");
    }
}
