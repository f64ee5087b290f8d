namespace Lowrank.Models;

/// <summary>
/// A Stable Diffusion model of the first, second or XL generation, or XL's refiner, from a folder in the diffusers layout or a single-file
/// checkpoint. Its parts are loaded when first asked for.
/// </summary>
public sealed class StableDiffusion : BaseModel
{
    // What the text encoders are called in a folder.
    readonly IReadOnlyList<string> texts;
    readonly PartOnDemand<ClipTextModel> textEncoder;
    readonly PartOnDemand<ClipTextModel>? textEncoder2;
    readonly PartOnDemand<UNet2DConditionModel> unet;
    readonly PartOnDemand<AutoencoderKL> vae;
    readonly Lazy<ModelDescription> description;
    bool isSeamless;
    bool isDisposed;
    int taught;

    StableDiffusion(ModelSource source, Storage storage, Storage vaeStorage)
    {
        Location = source.Path;
        Family = source.Family;
        ForceZerosForEmptyPrompt = source.ForceZerosForEmptyPrompt;
        UNetConfig = source.UNet;
        VaeConfig = source.Vae;
        Scheduler = source.Scheduler;
        Notes = source.Notes;
        Tokenizer = source.Tokenizer(0);
        texts = FolderParts.Texts(source.Family);
        textEncoder = Part(texts[0], file => ClipTextModel.From(file, source.Text[0], storage));
        if (source.Text.Count > 1)
        {
            Tokenizer2 = source.Tokenizer(1);
            textEncoder2 = Part(texts[1], file => ClipTextModel.From(file, source.Text[1], storage));
        }
        unet = Part("unet", file => Seamed(UNet2DConditionModel.From(file, source.UNet, storage)));
        vae = Part("vae", file => Seamed(AutoencoderKL.From(file, source.Vae, vaeStorage)));
        description = new(MakeDescription);

        // Weights are read when asked for; that they are there is seen at once.
        PartOnDemand<T> Part<T>(string part, Func<ITensorFile, T> load) where T : nn.Module
        {
            if (!source.Seen.Contains(part)) source.Open(part).Dispose();
            return new PartOnDemand<T>(() =>
            {
                using var file = source.Open(part);
                return load(file);
            });
        }
    }

    /// <summary>Opens a model, and checks that every part's settings and weights are there.</summary>
    /// <param name="path">A folder with model_index.json, or a single-file checkpoint (.safetensors, .ckpt).</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    /// <param name="vaeStorage">The same for the autoencoder; null takes <paramref name="storage"/>.</param>
    /// <param name="options">What a checkpoint cannot say of itself. Of a folder, family and prediction are heeded.</param>
    /// <exception cref="LowrankException">No such folder or file, a pipeline or a part that is not known, a part that lacks, keys that
    /// are not known, or a file that is missing or unusable.</exception>
    public static StableDiffusion Load(string path, Storage storage, Storage? vaeStorage = null, CheckpointOptions? options = null)
    {
        using var place = ModelPlace.Open(path);
        // Here an index does not stand for its folder; reading it as one tells what to give.
        var source = place.File is null ? ModelSource.OfFolder(path, options) : ModelSource.Of(place, options);
        return new(source, storage, vaeStorage ?? storage);
    }

    /// <summary>The same of a place that was looked at.</summary>
    internal static StableDiffusion Load(ModelPlace place, Storage storage, CheckpointOptions options) =>
        new(ModelSource.Of(place, options), storage, storage);

    /// <summary>"sd1", "sd2", "sdxl" or "sdxl-refiner".</summary>
    public override string Family { get; }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <summary>What was guessed of a checkpoint or taken from elsewhere, a sentence each.</summary>
    public override IReadOnlyList<string> Notes { get; }

    /// <summary>Whether a missing negative prompt means zeros instead of the encoded empty string.</summary>
    public bool ForceZerosForEmptyPrompt { get; }

    /// <summary>
    /// Makes the pictures' edges fit their opposite ones, so that they can be laid side by side: every convolution of network and
    /// autoencoder goes on at the other side, in place of zeros. The parts are loaded.
    /// </summary>
    public void SetSeamless(bool seamless)
    {
        isSeamless = seamless;
        Seamed(UNet);
        Seamed(Vae);
    }

    T Seamed<T>(T part) where T : nn.Module
    {
        foreach (var layer in part.modules().OfType<ConvolutionLayer>()) layer.Wraps = isSeamless;
        return part;
    }

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

    /// <summary>The (first) text encoder; the refiner's only one is XL's second.</summary>
    public ClipTextModel TextEncoder => textEncoder.Value;

    /// <summary>The second text encoder; null but for XL.</summary>
    public ClipTextModel? TextEncoder2 => textEncoder2?.Value;

    /// <summary>The denoising network.</summary>
    public UNet2DConditionModel UNet => unet.Value;

    /// <summary>The autoencoder.</summary>
    public AutoencoderKL Vae => vae.Value;

    /// <summary>The model as adapters see it, one and the same at every call. Loads denoising network and text encoders.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public override ModelDescription Describe()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return description.Value;
    }

    /// <summary>
    /// Frees the text encoders until they are asked for again, when they are read anew from the model's files. Whoever was given them
    /// before must not use them any more, and what was changed in them is lost.
    /// </summary>
    /// <returns>Whether they are out of memory now. They stay where adapters may hold them (after <see cref="Describe"/>), and while a
    /// word is taught.</returns>
    public bool FreeTextEncoders()
    {
        if (description.IsValueCreated || taught > 0) return false;
        textEncoder.Free();
        textEncoder2?.Free();
        return true;
    }

    /// <summary>Frees the denoising network, as <see cref="FreeTextEncoders"/> does the encoders.</summary>
    /// <returns>Whether it is out of memory now. It stays where adapters may hold it.</returns>
    public bool FreeUNet()
    {
        if (description.IsValueCreated) return false;
        unet.Free();
        return true;
    }

    /// <summary>Frees the autoencoder, as <see cref="FreeTextEncoders"/> does the encoders; no adapter holds it.</summary>
    public void FreeVae() => vae.Free();

    /// <summary>
    /// Teaches the text encoders a word (textual inversion): where a prompt has its name, its vectors stand, until what is returned is
    /// disposed.
    /// </summary>
    /// <param name="name">What prompts call it; upper and lower case are one.</param>
    /// <param name="vectors">By the encoder's name ("text_encoder", "text_encoder_2"): (count, width). Copied.</param>
    /// <exception cref="LowrankException">No such encoder, another width, or a name that is taken.</exception>
    public IDisposable Teach(string name, IReadOnlyDictionary<string, Tensor> vectors)
    {
        if (string.IsNullOrWhiteSpace(name)) throw new LowrankException("A word that is to be taught has no name.");
        var held = new Stack<IDisposable>();
        void Undo()
        {
            while (held.TryPop(out var one)) one.Dispose();
        }
        try
        {
            foreach (var (component, given) in vectors)
            {
                var (encoder, tokenizer) = EncoderNamed(component)
                    ?? throw new LowrankException($"The word \"{name}\" has vectors for {component}, which {Name} has not.");
                int width = encoder.Config.HiddenSize;
                if (given.dim() != 2 || given.shape[1] != width)
                    throw new LowrankException($"The word \"{name}\" has vectors of shape {given.shape.Text()}, " +
                        $"and those of {Name}'s {component} have {width} numbers: it is for another base model.");
                using var values = given.detach();
                var (ids, vectorsHeld) = encoder.Teach(values.clone().DetachFromDisposeScope());
                held.Push(vectorsHeld);
                held.Push(tokenizer.Teach(name, ids));
            }
            taught++;
            held.Push(new OnDispose(() => taught--));
            return new OnDispose(Undo);
        }
        catch
        {
            Undo();
            throw;
        }
    }

    (ClipTextModel Encoder, ClipTokenizer Tokenizer)? EncoderNamed(string component)
    {
        if (component == texts[0]) return (TextEncoder, Tokenizer);
        return TextEncoder2 is { } second && component == texts[1] ? (second, Tokenizer2!) : null;
    }

    ModelDescription MakeDescription()
    {
        var parts = new List<(string Name, nn.Module Module)> { ("unet", UNet), (texts[0], TextEncoder) };
        if (TextEncoder2 is { } second) parts.Add((texts[1], second));
        return StableDiffusionComponents.Describe(Family, parts);
    }

    /// <summary>
    /// Frees the parts that were loaded. Whoever asks for one afterwards is told by an <see cref="ObjectDisposedException"/>.
    /// </summary>
    public override void Dispose()
    {
        isDisposed = true;
        textEncoder.Close();
        textEncoder2?.Close();
        unet.Close();
        vae.Close();
    }
}
