namespace Lowrank.Models;

/// <summary>Where a model's settings and weights come from, in whichever layout they lie.</summary>
/// <param name="Path">The folder or file.</param>
/// <param name="Family">"sd1", "sd2", "sdxl".</param>
/// <param name="PipelineClass">The diffusers class.</param>
/// <param name="ForceZerosForEmptyPrompt">Whether a missing negative prompt means zeros (XL).</param>
/// <param name="UNet">Shape of the denoising network.</param>
/// <param name="Vae">Shape of the autoencoder.</param>
/// <param name="Text">Shape of each text encoder.</param>
/// <param name="Scheduler">How the model was noised.</param>
/// <param name="Tokenizer">Reads the tokenizer of a text encoder, by its index.</param>
/// <param name="Open">Opens the weights of a part, named as in a diffusers folder.</param>
/// <param name="Notes">What was guessed or is odd, a sentence each.</param>
sealed record ModelSource(string Path, string Family, string PipelineClass, bool ForceZerosForEmptyPrompt, UNetConfig UNet, VaeConfig Vae,
    IReadOnlyList<ClipTextConfig> Text, SchedulerConfig Scheduler, Func<int, ClipTokenizer> Tokenizer, Func<string, ITensorFile> Open, IReadOnlyList<string> Notes)
{
    static readonly string[] tokenizers = ["CLIPTokenizer", "CLIPTokenizerFast"], encoders = ["CLIPTextModel", "CLIPTextModelWithProjection"];

    /// <summary>Names of the text encoders of a family.</summary>
    internal static IReadOnlyList<string> TextParts(string family) => family == "sdxl" ? ["text_encoder", "text_encoder_2"] : ["text_encoder"];

    /// <summary>All parts with weights.</summary>
    internal IReadOnlyList<string> Parts => ["unet", "vae", .. TextParts(Family)];

    /// <summary>A folder in the diffusers layout, or a single-file checkpoint.</summary>
    internal static ModelSource Of(string path, CheckpointOptions? options)
    {
        if (File.Exists(path) && System.IO.Path.GetFileName(path) != "model_index.json") return OfCheckpoint(path, options ?? new());
        return options?.Config is not { } config ? OfFolder(path, options)
            : throw new LowrankException($"{path} is no single file, so it has settings of its own; leave out the config {config}.");
    }

    /// <summary>Reads the settings of a folder.</summary>
    internal static ModelSource OfFolder(string folder, CheckpointOptions? options = null)
    {
        var index = ModelIndex.Read(folder);
        string unetFolder = index.FolderOf("unet", nameof(UNet2DConditionModel)), vaeFolder = index.FolderOf("vae", nameof(AutoencoderKL));
        var unet = UNetConfig.Read(System.IO.Path.Combine(unetFolder, "config.json"));
        var vae = VaeConfig.Read(System.IO.Path.Combine(vaeFolder, "config.json"));
        string family = BaseModels.Of(index, unet).Family;
        if (options?.Family is { } wanted && wanted != family) throw new LowrankException($"{folder} is a model of the family {family}, and {wanted} is wanted.");
        var scheduler = SchedulerConfig.Read(System.IO.Path.Combine(folder, "scheduler", "scheduler_config.json"));
        var tokenizerFolders = TextParts(family).Select(part => index.FolderOf(TokenizerOf(part), tokenizers)).ToList();
        var textFolders = TextParts(family).Select(part => index.FolderOf(part, encoders)).ToList();
        return new(folder, family, index.PipelineClass, index.ForceZerosForEmptyPrompt, unet, vae,
            [.. textFolders.Select(part => ClipTextConfig.Read(System.IO.Path.Combine(part, "config.json")))],
            scheduler with { Prediction = options?.Prediction ?? scheduler.Prediction },
            encoder => ClipTokenizer.Load(tokenizerFolders[encoder]),
            part => OpenPart(folder, part), []);
    }

    /// <summary>Reads the header of a checkpoint.</summary>
    internal static ModelSource OfCheckpoint(string path, CheckpointOptions options)
    {
        using var checkpoint = ModelCheckpoint.Open(path, options);
        string family = checkpoint.Kind.Family;
        if (!BaseModels.All.Any(kind => kind.Family == family))
            throw new LowrankException($"{path} is a {checkpoint.Kind.Title} checkpoint, which cannot be loaded: it only finishes what the base model began. Give the base model.");
        var given = options.Config is { } config ? OfFolder(config, new() { Family = family }) : null;
        foreach (string part in new[] { "unet", "vae" }.Concat(TextParts(family)))
            if (!checkpoint.Kind.Parts.Contains(part) && given is null) throw Lacks(checkpoint, part);
        if (checkpoint.Foreign is { Count: > 0 } foreign && !options.AllowUnknownKeys)
            throw new LowrankException($"{path} holds {foreign.Count} tensors that a {checkpoint.Kind.Title} model does not have and that may change what it computes: " +
                $"{Listed(foreign)}. Is it of another kind, or quantized? To leave them out: --allow-unmatched (CheckpointOptions.AllowUnknownKeys).");
        bool Has(string part) => checkpoint.Kind.Parts.Contains(part);
        var texts = TextParts(family).Select((part, i) => Has(part) ? checkpoint.TextConfig(part) : given!.Text[i]).ToList();
        if (given is null && texts.Find(text => text.VocabularySize != ClipVocabulary.Size) is { } other)
            throw new LowrankException($"{path}: the text encoder knows {other.VocabularySize} tokens, and CLIP's tokenizer, which stands in because a checkpoint holds none, " +
                $"has {ClipVocabulary.Size}. Give a diffusers folder with its tokenizer as its config (--model-config FOLDER; CheckpointOptions.Config).");
        string[] taken = [.. TextParts(family).Prepend("vae").Prepend("unet").Where(part => !Has(part))];
        var noise = checkpoint.Noise(out string? guess);
        bool inpainting = checkpoint.Kind.Inpainting;
        IReadOnlyList<string> notes = [.. Notes()];
        var openers = checkpoint.Kind.Parts.ToDictionary(part => part, checkpoint.Opener);
        return new(path, family, PipelineOf(family, inpainting), given?.ForceZerosForEmptyPrompt ?? family == "sdxl",
            Has("unet") ? checkpoint.UNetConfig : given!.UNet, Has("vae") ? checkpoint.VaeConfig : given!.Vae, texts, noise,
            given?.Tokenizer ?? (encoder => ClipTokenizer.Published(PadOf(family, encoder))),
            part => openers.TryGetValue(part, out var open) ? open() : given!.Open(part),
            notes);

        IEnumerable<string> Notes()
        {
            if (guess is not null) yield return guess;
            if (taken.Length > 0) yield return $"{path} lacks {string.Join(", ", taken)}: taken from {options.Config}.";
            if (checkpoint.Unknown is { Count: > 0 } unknown) yield return $"{path} holds {unknown.Count} keys that are not known and not used: {Listed(unknown)}.";
        }

        static string Listed(IReadOnlyList<string> keys) => $"{string.Join(", ", keys.Take(8))}{(keys.Count > 8 ? ", ..." : "")}";
    }

    /// <summary>The token that fills up sequences for a text encoder; null means the one that ends them.</summary>
    internal static string? PadOf(string family, int encoder) => family == "sd2" || encoder == 1 ? "!" : null;

    /// <summary>The tokenizer's folder of a text encoder.</summary>
    internal static string TokenizerOf(string textPart) => textPart == "text_encoder_2" ? "tokenizer_2" : "tokenizer";

    /// <summary>Name of a part's weights file without its ending.</summary>
    internal static string StemOf(string part) => part.StartsWith("text_encoder", StringComparison.Ordinal) ? "model" : "diffusion_pytorch_model";

    /// <summary>Opens the weights of a folder's part.</summary>
    internal static ITensorFile OpenPart(string folder, string part) => WeightFiles.Open(System.IO.Path.Combine(folder, part), StemOf(part));

    /// <summary>The diffusers class of a checkpoint.</summary>
    internal static string PipelineOf(string family, bool inpainting) => $"StableDiffusion{(family == "sdxl" ? "XL" : "")}{(inpainting ? "Inpaint" : "")}Pipeline";

    static LowrankException Lacks(ModelCheckpoint checkpoint, string part)
    {
        string name = part switch { "unet" => "denoising network", "vae" => "autoencoder", "text_encoder" => "text encoder", _ => "second text encoder" };
        return new($"{checkpoint.Path} holds no {name} (it has {string.Join(", ", checkpoint.Kind.Parts)}). Give a diffusers folder of a {checkpoint.Kind.Title} model " +
            "as its config, from which it is taken (--model-config FOLDER; CheckpointOptions.Config), or download the whole checkpoint.");
    }
}
