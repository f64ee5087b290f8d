using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Models;

/// <summary>
/// An open single-file checkpoint of Stable Diffusion 1, 2 or XL (.safetensors or .ckpt): what it is, and each of its parts as its file
/// in a diffusers folder would be. Opening reads the header alone.
/// </summary>
public sealed partial class ModelCheckpoint : IDisposable
{
    readonly ITensorFile file;
    readonly CheckpointOptions options;
    readonly CheckpointConfigs configs;
    readonly Dictionary<string, CheckpointNames> textNames;
    readonly Lazy<Placement> placement;

    ModelCheckpoint(ITensorFile file, CheckpointKind? kind, CheckpointOptions options)
    {
        this.file = file = ScaledWeights.Of(file);
        this.options = options;
        Kind = kind ?? throw NotOne(file);
        if (options.Family is { } family && family != Kind.Family)
            throw new LowrankException($"{file.Path} is a {Kind.Title} checkpoint ({Kind.Family}), and {family} is wanted.");
        configs = new CheckpointConfigs(file.Path, Kind, file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape));
        textNames = Kind.TextEncoders.ToDictionary(text => text.Part, text => CheckpointNames.Clip(text.Spelling, text.Prefix));
        placement = new(Place);
    }

    /// <summary>What a file that is no such checkpoint is refused with.</summary>
    internal static LowrankException NotOne(ITensorFile file)
    {
        string such = $"has keys such as {string.Join(", ", file.Tensors.Take(3).Select(tensor => tensor.Name))}";
        return new($"{file.Path} is no checkpoint of Stable Diffusion 1, 2 or XL: it {CheckpointKind.OtherModel(file.Tensors) ?? such}.");
    }

    /// <summary>Opens a checkpoint.</summary>
    /// <exception cref="LowrankException">The file is damaged, no such checkpoint, or of another family than is wanted.</exception>
    public static ModelCheckpoint Open(string path, CheckpointOptions? options = null)
    {
        var file = Containers.Open(path);
        return Over(file, CheckpointKind.Of(file.Tensors), options ?? new());
    }

    /// <summary>The same over the file of a place, which is taken over.</summary>
    internal static ModelCheckpoint Take(ModelPlace place, CheckpointOptions options) =>
        Over(place.TakeFile(), CheckpointKind.Of(place), options);

    /// <summary>The same over the file of a place, which stays that one's: this is not disposed.</summary>
    internal static ModelCheckpoint Of(ModelPlace place, CheckpointOptions? options = null) =>
        new(place.File!, CheckpointKind.Of(place), options ?? new());

    static ModelCheckpoint Over(ITensorFile file, CheckpointKind? kind, CheckpointOptions options)
    {
        try
        {
            return new(file, kind, options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Where it was opened.</summary>
    public string Path => file.Path;

    /// <summary>What its keys show.</summary>
    public CheckpointKind Kind { get; }

    /// <summary>"safetensors", "torch zip", ...</summary>
    public string Container => file.Container;

    /// <summary>Keys that no part uses and that are known to be of no use here: training's tables, averages, position ids.</summary>
    public IReadOnlyList<string> Unused => placement.Value.Unused;

    /// <summary>Keys that belong to nothing that is known.</summary>
    public IReadOnlyList<string> Unknown => placement.Value.Unknown;

    /// <summary>
    /// Those of <see cref="Unknown"/> that lie inside a part or say how it computes: without them it may be another model.
    /// </summary>
    public IReadOnlyList<string> Foreign => [.. Unknown.Where(key => key.StartsWith("edm_", StringComparison.Ordinal)
        || Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))];

    IEnumerable<string> Prefixes =>
        [CheckpointKind.UNetPrefix, CheckpointKind.VaePrefix, .. textNames.Values.Select(names => names.Prefix)];

    /// <summary>The denoising network's shape.</summary>
    /// <exception cref="LowrankException">The weights do not tell it, and no config was given.</exception>
    public UNetConfig UNetConfig
    {
        get
        {
            // What it takes in, the weights say: an inpainting model may be described by the folder of the one it was made of.
            if (ConfigFile("unet") is { } given)
            {
                var told = UNetConfig.Read(given);
                return told with { InChannels = Kind.InChannels ?? told.InChannels };
            }
            var found = configs.UNet();
            // Those of SD 2 that predict v were made for 768 pixels.
            bool isLarger = Kind.Family == "sd2" && Noise(out _).Prediction == PredictionType.Velocity;
            return isLarger ? found with { SampleSize = UNetConfig.Sd21.SampleSize } : found;
        }
    }

    /// <summary>The autoencoder's shape.</summary>
    /// <exception cref="LowrankException">The weights do not tell it, and no config was given.</exception>
    public VaeConfig VaeConfig => ConfigFile("vae") is { } given ? VaeConfig.Read(given) : configs.Vae();

    /// <summary>A text encoder's shape.</summary>
    /// <param name="part">"text_encoder" or "text_encoder_2", one that is there.</param>
    /// <exception cref="LowrankException">The weights do not tell it, and no config was given.</exception>
    public ClipTextConfig TextConfig(string part) =>
        ConfigFile(part) is { } given ? ClipTextConfig.Read(given) : configs.Clip(part, textNames[part], SpellingOf(part));

    ClipSpelling SpellingOf(string part) => Kind.TextEncoders.First(text => text.Part == part).Spelling;

    /// <summary>How the model was noised in training and what it predicts.</summary>
    /// <param name="note">A sentence where the prediction was guessed; else null.</param>
    public SchedulerConfig Noise(out string? note)
    {
        note = null;
        string? given = options.Config is { } folder ? System.IO.Path.Combine(folder, "scheduler", "scheduler_config.json") : null;
        if (!File.Exists(given)) return CheckpointNoise.Find(file, Kind, options.Prediction, out note);
        var noise = SchedulerConfig.Read(given);
        return noise with { Prediction = options.Prediction ?? noise.Prediction };
    }

    /// <summary>What the tensors of a part are called in a folder and here.</summary>
    /// <param name="part">"unet", "vae", "text_encoder", "text_encoder_2", one that is there.</param>
    public CheckpointNames NamesOf(string part) => part switch
    {
        "unet" => CheckpointNames.UNet(configs.UNetBlocks()),
        "vae" => CheckpointNames.Vae(configs.VaeBlocks()),
        _ => textNames[part],
    };

    /// <summary>A part with the names, shapes and values that its file in a diffusers folder has; it reads from this checkpoint.</summary>
    /// <param name="part">"unet", "vae", "text_encoder", "text_encoder_2".</param>
    /// <exception cref="LowrankException">The file has no such part.</exception>
    public ITensorFile Part(string part) => new CheckpointPart(file, PlacesOf(part), ownsFile: false);

    /// <summary>Opens a part without this checkpoint, which need not stay open.</summary>
    internal Func<ITensorFile> Opener(string part)
    {
        var (path, places) = (Path, PlacesOf(part));
        return () => new CheckpointPart(ScaledWeights.Of(Containers.Open(path)), places, ownsFile: true);
    }

    Dictionary<string, (string Key, Folding Folding)> PlacesOf(string part) => placement.Value.Parts.TryGetValue(part, out var places)
        ? places
        : throw new LowrankException($"{Path} holds no {part}, only {string.Join(", ", Kind.Parts)}.");

    /// <summary>Its tensors as they lie.</summary>
    internal ITensorFile Stored => file;

    /// <summary>The denoising network's shape without its heads and groups, which the weights alone need not tell.</summary>
    internal UNetConfig UNetBlocks => ConfigFile("unet") is { } given ? UNetConfig.Read(given) : configs.UNetBlocks();

    /// <summary>What each of the checkpoint's tensors is in a folder: one tensor of a part, or three.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<(string Part, string Own, Folding Folding)>> Owners() =>
        (from part in placement.Value.Parts
         from place in part.Value
         orderby place.Value.Folding
         group (part.Key, place.Key, place.Value.Folding) by place.Value.Key)
        .ToDictionary(owners => owners.Key, owners => (IReadOnlyList<(string, string, Folding)>)[.. owners]);

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    string? ConfigFile(string part)
    {
        if (options.Config is not { } folder) return null;
        if (!Directory.Exists(folder)) throw new LowrankException($"The config folder {folder} does not exist. Give a diffusers folder.");
        string path = System.IO.Path.Combine(folder, part, "config.json");
        return File.Exists(path) ? path : null;
    }

    sealed record Placement(
        IReadOnlyDictionary<string, Dictionary<string, (string Key, Folding Folding)>> Parts,
        List<string> Unused,
        List<string> Unknown);

    Placement Place()
    {
        var names = Kind.Parts.Select(part => (Part: part, Names: NamesOf(part))).ToList();
        var layers = Kind.TextEncoders.ToDictionary(text => text.Part, text => LayersOf(text.Part, text.Spelling));
        var placed = new Placement(names.ToDictionary(pair => pair.Part, _ => new Dictionary<string, (string, Folding)>()), [], []);
        foreach (string key in file.Tensors.Select(tensor => tensor.Name))
        {
            var (part, found) = names.Where(pair => key.StartsWith(pair.Names.Prefix, StringComparison.Ordinal))
                .Select(pair => (pair.Part, pair.Names.ToOwn(key))).FirstOrDefault(pair => pair.Item2.Count > 0);
            if (part is null) (CheckpointLeftovers.Known(key) ? placed.Unused : placed.Unknown).Add(key);
            else if (layers.TryGetValue(part, out int count) && !Wanted(part, found[0].Own, count)) placed.Unused.Add(key);
            else
                foreach (var (own, folding) in found) placed.Parts[part][own] = (key, folding);
        }
        if (options.UseAverages) TakeAverages(placed);
        return placed;
    }

    int LayersOf(string part, ClipSpelling spelling) =>
        ConfigFile(part) is { } given ? ClipTextConfig.Read(given).Layers : configs.ClipLayers(part, textNames[part], spelling);

    // SD 2 carries a layer and a projection that it does not use.
    static bool Wanted(string part, string own, int layers) => own.StartsWith("text_projection.", StringComparison.Ordinal)
        ? part == "text_encoder_2"
        : Layer().Match(own) is not { Success: true } match || int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) < layers;

    [GeneratedRegex(@"\.layers\.(\d+)\.")]
    private static partial Regex Layer();

    // Averages are named as the weights from "diffusion_model." on, without the dots.
    void TakeAverages(Placement placed)
    {
        var held = file.Tensors.Select(tensor => tensor.Name).ToHashSet();
        if (!placed.Parts.TryGetValue("unet", out var unet))
            throw new LowrankException($"{Path} holds no denoising network, so no averages of one.");
        var missing = new List<string>();
        foreach (var (own, (key, folding)) in unet.ToList())
        {
            string average = CheckpointKind.AveragesPrefix + key["model.".Length..].Replace(".", "", StringComparison.Ordinal);
            if (held.Contains(average)) unet[own] = (average, folding);
            else missing.Add(average);
        }
        if (missing.Count > 0)
            throw new LowrankException($"{Path} holds averages (EMA) of {unet.Count - missing.Count} " +
                $"of the network's {unet.Count} tensors; missing are {Few(missing)}. Load its weights instead.");
        placed.Unused.RemoveAll(unet.Values.Select(place => place.Item1).ToHashSet().Contains);
    }

    static string Few(List<string> names) => string.Join(", ", names.Take(3)) + (names.Count > 3 ? ", ..." : "");
}
