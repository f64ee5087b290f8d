namespace Lowrank.Models;

/// <summary>
/// A Stable Diffusion model of the first, second or XL generation, from a folder in the diffusers layout. Its parts are loaded when
/// first asked for.
/// </summary>
public sealed class StableDiffusion : IDisposable
{
    readonly Lazy<ClipTextModel> textEncoder;
    readonly Lazy<ClipTextModel>? textEncoder2;
    readonly Lazy<UNet2DConditionModel> unet;
    readonly Lazy<AutoencoderKL> vae;
    readonly Lazy<ModelDescription> description;

    StableDiffusion(ModelIndex index, Storage storage, Storage vaeStorage)
    {
        Folder = index.Folder;
        ForceZerosForEmptyPrompt = index.ForceZerosForEmptyPrompt;
        string unetFolder = index.FolderOf("unet", nameof(UNet2DConditionModel)), vaeFolder = index.FolderOf("vae", nameof(AutoencoderKL));
        UNetConfig = UNetConfig.Read(Path.Combine(unetFolder, "config.json"));
        VaeConfig = VaeConfig.Read(Path.Combine(vaeFolder, "config.json"));
        Family = BaseModels.Of(index, UNetConfig).Family;
        Scheduler = SchedulerConfig.Read(Path.Combine(index.Folder, "scheduler", "scheduler_config.json"));
        Tokenizer = ClipTokenizer.Load(index.FolderOf("tokenizer", tokenizers));
        string textFolder = index.FolderOf("text_encoder", textEncoders);
        if (Family == "sdxl")
        {
            Tokenizer2 = ClipTokenizer.Load(index.FolderOf("tokenizer_2", tokenizers));
            string secondFolder = index.FolderOf("text_encoder_2", textEncoders);
            textEncoder2 = Part(secondFolder, "model", folder => ClipTextModel.Load(folder, storage));
        }
        textEncoder = Part(textFolder, "model", folder => ClipTextModel.Load(folder, storage));
        unet = Part(unetFolder, weightsOfDiffusers, folder => UNet2DConditionModel.Load(folder, storage));
        vae = Part(vaeFolder, weightsOfDiffusers, folder => AutoencoderKL.Load(folder, vaeStorage));
        description = new(MakeDescription);
    }

    const string weightsOfDiffusers = "diffusion_pytorch_model";
    static readonly string[] tokenizers = ["CLIPTokenizer", "CLIPTokenizerFast"], textEncoders = ["CLIPTextModel", "CLIPTextModelWithProjection"];

    // Weights are read when asked for; that they are there is seen at once.
    static Lazy<T> Part<T>(string folder, string weights, Func<string, T> load)
    {
        WeightFiles.Open(folder, weights).Dispose();
        return new Lazy<T>(() => load(folder));
    }

    /// <summary>Opens a model's folder, and checks that every part's config and weights are there.</summary>
    /// <param name="folder">The folder with model_index.json.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    /// <param name="vaeStorage">The same for the autoencoder; null takes <paramref name="storage"/>.</param>
    /// <exception cref="LowrankException">No such folder, no model_index.json, a pipeline or a part that is not known, or a file that is
    /// missing or unusable.</exception>
    public static StableDiffusion Load(string folder, Storage storage, Storage? vaeStorage = null) =>
        new(ModelIndex.Read(folder), storage, vaeStorage ?? storage);

    /// <summary>"sd1", "sd2" or "sdxl"; see <see cref="BaseModels"/>.</summary>
    public string Family { get; }

    /// <summary>The folder it came from.</summary>
    public string Folder { get; }

    /// <summary>Whether a missing negative prompt means zeros instead of the encoded empty string.</summary>
    public bool ForceZerosForEmptyPrompt { get; }

    /// <summary>The denoising network's shape, known before its weights are loaded.</summary>
    public UNetConfig UNetConfig { get; }

    /// <summary>The autoencoder's shape, known before its weights are loaded.</summary>
    public VaeConfig VaeConfig { get; }

    /// <summary>How the model was noised in training.</summary>
    public SchedulerConfig Scheduler { get; }

    /// <summary>The (first) text encoder's tokenizer.</summary>
    public ClipTokenizer Tokenizer { get; }

    /// <summary>The second text encoder's tokenizer; null but for XL.</summary>
    public ClipTokenizer? Tokenizer2 { get; }

    /// <summary>The (first) text encoder.</summary>
    public ClipTextModel TextEncoder => textEncoder.Value;

    /// <summary>The second text encoder; null but for XL.</summary>
    public ClipTextModel? TextEncoder2 => textEncoder2?.Value;

    /// <summary>The denoising network.</summary>
    public UNet2DConditionModel UNet => unet.Value;

    /// <summary>The autoencoder.</summary>
    public AutoencoderKL Vae => vae.Value;

    /// <summary>The model as adapters see it, one and the same at every call. Loads denoising network and text encoders.</summary>
    public ModelDescription Describe() => description.Value;

    ModelDescription MakeDescription()
    {
        var none = new Dictionary<string, KeyMap>();
        var components = new List<ModelComponent>
        {
            new("unet", UNet, new Dictionary<string, KeyMap> { ["ldm"] = UNet2DConditionModel.LdmNames(UNetConfig) }),
            new("text_encoder", TextEncoder, none),
        };
        if (TextEncoder2 is { } second) components.Add(new("text_encoder_2", second, none));
        return new ModelDescription(Family, components);
    }

    /// <summary>Frees the parts that were loaded.</summary>
    public void Dispose()
    {
        if (textEncoder.IsValueCreated) textEncoder.Value.Dispose();
        if (textEncoder2 is { IsValueCreated: true }) textEncoder2.Value.Dispose();
        if (unet.IsValueCreated) unet.Value.Dispose();
        if (vae.IsValueCreated) vae.Value.Dispose();
    }
}
