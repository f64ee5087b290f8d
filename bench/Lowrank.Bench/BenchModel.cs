namespace Lowrank.Bench;

/// <summary>A network of random weights, and one call of it.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Module">The network.</param>
/// <param name="Call">A forward pass; with a given input it wants that input's gradient.</param>
/// <param name="Input">The input whose gradient the limit is measured with.</param>
sealed record BenchModel(string Name, nn.Module Module, Func<Tensor, Tensor> Call, Tensor Input) : IDisposable
{
    public static readonly string[] Names = ["transformer12", "emoji-sd", "sd15", "transformer"];

    public static BenchModel Create(string name, ScalarType dtype)
    {
        var storage = new Storage(dtype);
        random.manual_seed(1);
        return name switch
        {
            "emoji-sd" => UNet(name, EmojiUNet, storage, batch: 4, size: 16),
            "sd15" => UNet(name, UNetConfig.Sd15, storage, batch: 1, size: 32),
            "transformer" => Decoder(depth: 6, batch: 4, tokens: 256, storage),
            "transformer12" => Decoder(depth: 12, batch: 4, tokens: 256, storage),
            _ => throw new LowrankException($"no model \"{name}\"; there are {string.Join(", ", Names)}"),
        };
    }

    /// <summary>Its name with its shapes.</summary>
    public static string Told(string name) => name switch
    {
        "emoji-sd" => "emoji-sd's UNet, 4 of 16x16",
        "sd15" => "SD 1.5's UNet, 1 of 32x32",
        "transformer" => "transformer of 6, 4x256 tokens",
        "transformer12" => "transformer of 12, 4x256 tokens",
        _ => name,
    };

    /// <summary>A decoder, 768 wide with 12 heads.</summary>
    public static BenchModel Decoder(int depth, long batch, long tokens, Storage storage)
    {
        var decoder = RandomWeights.Fill(new Transformer(Width, depth, Heads, storage));
        return new($"transformer of {depth}", decoder, decoder.call, randn(batch, tokens, Width).to(storage.Dtype));
    }

    /// <summary>As many linear layers in a row, 256 wide, for 64 tokens.</summary>
    public static BenchModel Chain(int layers, Storage storage)
    {
        var chain = RandomWeights.Fill(new LinearChain(LinearChain.Width, layers, storage));
        return new($"chain of {layers}", chain, chain.call, randn(LinearChain.Tokens, LinearChain.Width).to(storage.Dtype));
    }

    /// <summary>Width of the decoders, and their heads.</summary>
    public const long Width = 768, Heads = 12;

    static UNetConfig EmojiUNet => UNetConfig.Read(Path.Combine(FindRoot(), "models", "emoji-sd", "unet", "config.json"));

    static BenchModel UNet(string name, UNetConfig config, Storage storage, long batch, long size)
    {
        var unet = RandomWeights.Fill(new UNet2DConditionModel(config, storage));
        var sample = randn(batch, 4, size, size).to(storage.Dtype);
        var timesteps = full(batch, 500f);
        var text = randn(batch, 77, config.CrossAttentionChannels).to(storage.Dtype);
        return new(name, unet, x => unet.Run(x, timesteps, text), sample);
    }

    /// <summary>Attention's and feed-forward's projections: what gets a LoRA of rank 8.</summary>
    public IReadOnlyList<(Target Target, IAdaptable Layer)> Targets =>
        [.. AdaptableLayers.In(Module, "model").Where(t => IsProjection(t.Target))];

    static bool IsProjection(Target target) =>
        target.Kind == LayerKind.Linear && !target.Path.Contains("time_emb", StringComparison.Ordinal);

    public void Dispose() => Module.Dispose();

    /// <summary>The repository.</summary>
    public static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lowrank.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new LowrankException("the bench runs inside the repository: Lowrank.slnx was not found above it");
    }
}
