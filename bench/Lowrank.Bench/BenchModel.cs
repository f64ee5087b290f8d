namespace Lowrank.Bench;

/// <summary>A network of random weights, and one call of it.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Module">The network.</param>
/// <param name="Call">A forward pass; with a given input it wants that input's gradient.</param>
/// <param name="Input">The input whose gradient the limit is measured with.</param>
sealed record BenchModel(string Name, nn.Module Module, Func<Tensor, Tensor> Call, Tensor Input) : IDisposable
{
    public static readonly string[] Names = ["emoji-sd", "transformer", "transformer12", "sd15"];

    public static BenchModel Create(string name, ScalarType dtype)
    {
        random.manual_seed(1);
        var storage = new Storage(dtype);
        var model = name switch
        {
            "emoji-sd" => UNet(name, EmojiUNet, storage, batch: 4, size: 16),
            "sd15" => UNet(name, UNetConfig.Sd15, storage, batch: 1, size: 32),
            "transformer" => Decoder(name, 6, storage),
            "transformer12" => Decoder(name, 12, storage),
            _ => throw new LowrankException($"no model \"{name}\"; there are {string.Join(", ", Names)}"),
        };
        using var grad = no_grad();
        foreach (var (path, parameter) in model.Module.named_parameters())
            if (parameter.dim() > 1) parameter.normal_(0, 0.02);
            else parameter.fill_(path.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);
        return model;
    }

    static UNetConfig EmojiUNet => UNetConfig.Read(Path.Combine(FindRoot(), "models", "emoji-sd", "unet", "config.json"));

    static BenchModel UNet(string name, UNetConfig config, Storage storage, long batch, long size)
    {
        var unet = new UNet2DConditionModel(config, storage);
        var sample = randn(batch, 4, size, size).to(storage.Dtype);
        var timesteps = full(batch, 500f);
        var text = randn(batch, 77, config.CrossAttentionChannels).to(storage.Dtype);
        return new(name, unet, x => unet.Run(x, timesteps, text), sample);
    }

    static BenchModel Decoder(string name, int depth, Storage storage)
    {
        var decoder = new Transformer(768, depth, 12, storage);
        return new(name, decoder, decoder.call, randn(4, 256, 768).to(storage.Dtype));
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
