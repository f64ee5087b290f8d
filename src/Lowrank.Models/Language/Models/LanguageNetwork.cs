namespace Lowrank.Models;

/// <summary>A language model: a body under its published paths, and a head.</summary>
public abstract class LanguageNetwork : nn.Module, IDescribedModel, IPromptedModel
{
    readonly Lock describing = new();
    ModelDescription? description;

    /// <summary>A model that registers its body and head by its constructor.</summary>
    /// <param name="name">Its published class: "LlamaForCausalLM".</param>
    /// <param name="config">Its shape.</param>
    protected LanguageNetwork(string name, LanguageConfig config) : base(name) => Config = config;

    /// <summary>Does nothing: parts are registered under their published names, which are not those of fields.</summary>
    protected override void RegisterComponents() { }

    /// <summary>Its shape.</summary>
    public LanguageConfig Config { get; }

    /// <summary>Memory that weights of few bits are made in.</summary>
    internal ScratchShelf Shelf { get; } = new();

    /// <summary>Paths of the layers that make its answer of the body's states, where adapters may bring others; empty where none
    /// do.</summary>
    public virtual IReadOnlyList<string> HeadPaths => [];

    /// <summary>Whether a layer is one of its head's.</summary>
    /// <param name="path">The layer's path among adapters' targets, which begins with the component's name.</param>
    public bool IsOfHead(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        const string Front = ModelDescription.Whole + ".";
        return HeadPaths.Any(head => path == Front + head || path.StartsWith($"{Front}{head}.", StringComparison.Ordinal));
    }

    /// <summary>Whether its head is not in its files: it is zeros, and all answers are the same until an adapter brings one.</summary>
    public bool LacksHead { get; internal set; }

    /// <summary>What was passed over in its files or taken in another way than they say, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; internal set; } = [];

    /// <summary>In which dtype it computes, whatever its weights are kept in.</summary>
    /// <remarks>At first the weights' own; float32 where they are float16 on a CPU, or bfloat16 on one that does not multiply
    /// it.</remarks>
    public abstract ScalarType Dtype { get; set; }

    /// <summary>Whether each layer drops its intermediates and computes them again in backward.</summary>
    public abstract bool GradientCheckpointing { get; set; }

    /// <summary>
    /// Parameters that stand in several places, by their path there: the path under which they are loaded. Empty without a tied head.
    /// </summary>
    internal virtual IReadOnlyDictionary<string, string> SharedNames { get; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public virtual PromptShape PromptShape => new(Config.HiddenSize, Config.Layers, Config.KeyHeads, Config.HeadDim);

    /// <inheritdoc/>
    public IPromptHost? Prompts { get; set; }

    /// <summary>An input with the virtual tokens that adapters put before its rows.</summary>
    private protected PromptedInput Prompted(LanguageInput input, Func<LanguageInput, Tensor> vectors) =>
        PromptedInput.Of(input, Prompts?.Now(), vectors, PromptShape.Layers);

    /// <summary>What adapters' files call its family; null takes the name in its config.</summary>
    internal ModelFamily? Family { get; set; }

    /// <summary>How files call its weights; null where nothing but the own paths is known.</summary>
    internal WeightNames? Names { get; set; }

    /// <summary>The model as adapters see it, one and the same at every call: one component, "model", whose paths are the published
    /// ones.</summary>
    public ModelDescription Describe()
    {
        lock (describing)
            return description ??= new(Family ?? new ModelFamily(Config.ModelType), [Whole()]) { Families = KnownFamilies.BesideLanguage };
    }

    ModelComponent Whole()
    {
        var plain = Gguf?.Component(this, new(Config.HeadDim))
            ?? new ModelComponent(ModelDescription.Whole, this, new Dictionary<string, KeyMap>());
        plain = MlxNames.Told(plain with { TiedTo = TiedLayers() }, Mlx);
        if (Names is null) return plain;
        return plain with { FormerNames = Names.FormerNames(plain.Targets.Select(target => plain.PathOf(target.Target))) };
    }

    Dictionary<string, string> TiedLayers()
    {
        const string Weight = ".weight";
        return SharedNames.Where(pair => pair.Key.EndsWith(Weight, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[..^Weight.Length], pair => pair.Value[..^Weight.Length]);
    }

    /// <summary>How its family lies in GGUF files; null where that is not known.</summary>
    internal GgufLayout? Gguf { get; set; }

    /// <summary>What mlx-lm calls its modules; null where by their published paths.</summary>
    internal KeyMap? Mlx { get; set; }

    /// <summary>The dtype to compute in with weights that are kept like that.</summary>
    internal static ScalarType DtypeFor(Storage? storage)
    {
        storage ??= Storage.Default;
        bool isCpu = storage.Device is null || storage.Device.type == DeviceType.CPU;
        return storage.Dtype switch
        {
            ScalarType.Float16 when isCpu => ScalarType.Float32,
            ScalarType.BFloat16 when isCpu && !Processor.Current.MultipliesBFloat16 => ScalarType.Float32,
            _ => storage.Dtype,
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Shelf.Dispose();
    }
}
