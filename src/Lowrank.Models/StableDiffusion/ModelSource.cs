namespace Lowrank.Models;

/// <summary>Where a model's settings and weights come from, in whichever layout they lie.</summary>
/// <param name="Path">The folder or file.</param>
/// <param name="Family">"sd1", "sd2", "sdxl" or "sdxl-refiner".</param>
/// <param name="PipelineClass">The diffusers class.</param>
/// <param name="ForceZerosForEmptyPrompt">Whether a missing negative prompt means zeros (XL).</param>
/// <param name="UNet">Shape of the denoising network.</param>
/// <param name="Vae">Shape of the autoencoder.</param>
/// <param name="Text">Shape of each text encoder.</param>
/// <param name="Scheduler">How the model was noised.</param>
/// <param name="Tokenizer">Reads the tokenizer of a text encoder, by its index.</param>
/// <param name="Open">Opens the weights of a part, named as in a diffusers folder.</param>
/// <param name="Seen">Parts whose weights were seen to be there when the settings were read.</param>
/// <param name="Notes">What was guessed or is odd, a sentence each.</param>
sealed record ModelSource(
    string Path,
    string Family,
    string PipelineClass,
    bool ForceZerosForEmptyPrompt,
    UNetConfig UNet,
    VaeConfig Vae,
    IReadOnlyList<ClipTextConfig> Text,
    SchedulerConfig Scheduler,
    Func<int, ClipTokenizer> Tokenizer,
    Func<string, ITensorFile> Open,
    IReadOnlyList<string> Seen,
    IReadOnlyList<string> Notes)
{
    const int Listed = 8;

    static readonly string[] tokenizers = ["CLIPTokenizer", "CLIPTokenizerFast"];
    static readonly string[] encoders = ["CLIPTextModel", "CLIPTextModelWithProjection"];

    /// <summary>All parts with weights.</summary>
    internal IReadOnlyList<string> Parts => FolderParts.All(Family);

    /// <summary>A folder in the diffusers layout, or a single-file checkpoint.</summary>
    internal static ModelSource Of(ModelPlace place, CheckpointOptions? options)
    {
        options ??= new();
        return place.File is null ? OfFolder(place.Path, options) : OfCheckpoint(ModelCheckpoint.Of(place, options), options);
    }

    /// <summary>Reads the settings of a folder.</summary>
    internal static ModelSource OfFolder(string folder, CheckpointOptions? options = null)
    {
        if (options?.Config is { } config)
            throw new LowrankException($"{folder} is no single file, so it has settings of its own; leave out the config {config}.");
        var index = ModelIndex.Read(folder);
        string unetFolder = index.FolderOf("unet", nameof(UNet2DConditionModel)), vaeFolder = index.FolderOf("vae", nameof(AutoencoderKL));
        var unet = UNetConfig.Read(System.IO.Path.Combine(unetFolder, "config.json"));
        var vae = VaeConfig.Read(System.IO.Path.Combine(vaeFolder, "config.json"));
        string family = StableDiffusionGeneration.Of(index, unet).Name;
        if (options?.Family is { } wanted && wanted != family)
            throw new LowrankException($"{folder} is a model of the family {family}, and {wanted} is wanted.");
        var scheduler = SchedulerConfig.Read(System.IO.Path.Combine(folder, "scheduler", "scheduler_config.json"));
        var texts = FolderParts.Texts(family);
        var tokenizerFolders = texts.Select(part => index.FolderOf(FolderParts.TokenizerOf(part), tokenizers)).ToList();
        var textFolders = texts.Select(part => index.FolderOf(part, encoders)).ToList();
        return new(
            folder,
            family,
            index.PipelineClass,
            index.ForceZerosForEmptyPrompt,
            unet,
            vae,
            [.. textFolders.Select(part => ClipTextConfig.Read(System.IO.Path.Combine(part, "config.json")))],
            scheduler with { Prediction = options?.Prediction ?? scheduler.Prediction },
            encoder => ClipTokenizer.Load(tokenizerFolders[encoder]),
            part => FolderParts.Open(folder, part),
            Seen: [],
            Notes: []);
    }

    /// <summary>Reads the header of a checkpoint, which need not stay open; what it lacks comes from the folder of the options.</summary>
    internal static ModelSource OfCheckpoint(ModelCheckpoint checkpoint, CheckpointOptions options)
    {
        string path = checkpoint.Path, family = checkpoint.Kind.Family;
        var given = options.Config is { } config ? OfFolder(config, new() { Family = family }) : null;
        string[] lacking = [.. FolderParts.All(family).Where(part => !Has(part))];
        if (given is null && lacking.Length > 0) throw Lacks(checkpoint, lacking[0]);
        AssertNothingForeign(checkpoint, options);
        var texts = FolderParts.Texts(family).Select((part, i) => Has(part) ? checkpoint.TextConfig(part) : given!.Text[i]).ToList();
        if (given is null) AssertPublishedVocabulary(path, texts);
        var noise = checkpoint.Noise(out string? guess);
        var openers = checkpoint.Kind.Parts.ToDictionary(part => part, checkpoint.Opener);
        return new(
            path,
            family,
            FolderParts.PipelineOf(family, checkpoint.Kind.Inpainting),
            given?.ForceZerosForEmptyPrompt ?? family == "sdxl",
            Has("unet") ? checkpoint.UNetConfig : given!.UNet,
            Has("vae") ? checkpoint.VaeConfig : given!.Vae,
            texts,
            noise,
            given?.Tokenizer ?? (encoder => ClipTokenizer.Published(FolderParts.PadOf(family, encoder))),
            part => openers.TryGetValue(part, out var open) ? open() : given!.Open(part),
            Seen: checkpoint.Kind.Parts,
            [.. NotesOn(checkpoint, guess, lacking, options)]);

        bool Has(string part) => checkpoint.Kind.Parts.Contains(part);
    }

    static IEnumerable<string> NotesOn(ModelCheckpoint checkpoint, string? guess, string[] lacking, CheckpointOptions options)
    {
        if (guess is not null) yield return guess;
        if (lacking.Length > 0) yield return $"{checkpoint.Path} lacks {string.Join(", ", lacking)}: taken from {options.Config}.";
        if (checkpoint.Unknown is { Count: > 0 } unknown)
            yield return $"{checkpoint.Path} holds {unknown.Count} keys that are not known and not used: {List(unknown)}.";
    }

    static void AssertNothingForeign(ModelCheckpoint checkpoint, CheckpointOptions options)
    {
        var foreign = checkpoint.Foreign;
        if (foreign.Count > 0 && !options.AllowUnmatched)
            throw new LowrankException($"{checkpoint.Path} holds {foreign.Count} tensors that " +
                $"a {checkpoint.Kind.Title} model does not have and that may change what it computes: {List(foreign)}. " +
                "Is it of another kind, or quantized? To leave them out: CheckpointOptions.AllowUnmatched.");
    }

    static void AssertPublishedVocabulary(string path, IReadOnlyList<ClipTextConfig> texts)
    {
        if (texts.FirstOrDefault(text => text.VocabularySize != ClipVocabulary.Size) is { } other)
            throw new LowrankException($"{path}: the text encoder knows {other.VocabularySize} tokens, and CLIP's tokenizer, " +
                $"which stands in because a checkpoint holds none, has {ClipVocabulary.Size}. " +
                "Give a diffusers folder with its tokenizer as its config (CheckpointOptions.Config).");
    }

    static string List(IReadOnlyList<string> keys)
    {
        string more = keys.Count > Listed ? ", ..." : "";
        return string.Join(", ", keys.Take(Listed)) + more;
    }

    static LowrankException Lacks(ModelCheckpoint checkpoint, string part)
    {
        string name = part switch
        {
            "unet" => "denoising network",
            "vae" => "autoencoder",
            "text_encoder" => "text encoder",
            _ => "second text encoder",
        };
        return new($"{checkpoint.Path} holds no {name} (it has {string.Join(", ", checkpoint.Kind.Parts)}). " +
            $"Give a diffusers folder of a {checkpoint.Kind.Title} model as its config, from which it is taken " +
            "(CheckpointOptions.Config), or download the whole checkpoint.");
    }
}
