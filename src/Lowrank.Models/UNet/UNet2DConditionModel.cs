namespace Lowrank.Models;

/// <summary>
/// The denoising network of Stable Diffusion 1, 2 and XL (Rombach et al. 2022, arXiv:2112.10752). Module paths are those of the
/// published weights, <c>down_blocks.0.attentions.0...</c>
/// </summary>
public sealed class UNet2DConditionModel : nn.Module
{
    static readonly UNetChanges usual = new();

    readonly Conv2d conv_in;
    readonly TimestepSinusoid time_proj;
    readonly TimestepEmbedding time_embedding;
    readonly TimestepSinusoid? add_time_proj;
    readonly TimestepEmbedding? add_embedding;
    readonly Modules.ModuleList<DownBlock2D> down_blocks;
    readonly Modules.ModuleList<UpBlock2D> up_blocks;
    readonly MidBlock2D? mid_block;
    readonly GroupNorm conv_norm_out;
    readonly Conv2d conv_out;

    /// <summary>A network of uninitialized weights.</summary>
    public UNet2DConditionModel(UNetConfig config, Storage? storage = null) : base(nameof(UNet2DConditionModel))
    {
        Config = config;
        int first = config.BlockChannels[0];
        conv_in = new Conv2d(config.InChannels, first, config.ConvInKernel, padding: (config.ConvInKernel - 1) / 2, storage: storage);
        time_proj = new TimestepSinusoid(first, config.FlipSinToCos, config.FrequencyShift);
        time_embedding = new TimestepEmbedding(first, config.TimeChannels, storage);
        if (config is { AddedTimeWidth: { } width, AddedInputWidth: { } input })
        {
            add_time_proj = new TimestepSinusoid(width, config.FlipSinToCos, config.FrequencyShift);
            add_embedding = new TimestepEmbedding(input, config.TimeChannels, storage);
        }
        down_blocks = new([.. Enumerable.Range(0, config.Levels).Select(level => new DownBlock2D(config, level, storage))]);
        up_blocks = new([.. Enumerable.Range(0, config.Levels).Select(index => new UpBlock2D(config, index, storage))]);
        if (config.MidBlock) mid_block = new MidBlock2D(config, storage);
        conv_norm_out = new GroupNorm(config.NormGroups, first, config.NormEps, storage);
        conv_out = new Conv2d(first, config.OutChannels, config.ConvOutKernel, padding: (config.ConvOutKernel - 1) / 2, storage: storage);
        RegisterComponents();
    }

    /// <summary>Its shape.</summary>
    public UNetConfig Config { get; }

    /// <summary>
    /// Whether resnets and transformers drop their intermediates and compute them again in backward: less memory, about a third more
    /// time.
    /// </summary>
    public bool GradientCheckpointing { get; set; }

    /// <summary>What the network predicts for noised latents.</summary>
    /// <param name="sample">
    /// Noised latents (B, in channels, H, W); their dtype is the one that is computed in. H and W need not be even.
    /// </param>
    /// <param name="timesteps">Timesteps, whole or broken numbers: one for all, or (B).</param>
    /// <param name="context">Encoded text (B, S, context channels).</param>
    /// <param name="added">What XL is told besides; must be there for a model that wants it.</param>
    /// <param name="changes">What is done otherwise inside, in this run alone; null for nothing.</param>
    /// <returns>(B, out channels, H, W): noise, velocity or sample, as the model was trained.</returns>
    public Tensor Run(
        Tensor sample,
        Tensor timesteps,
        Tensor context,
        AddedConditions? added = null,
        UNetChanges? changes = null) => LayerScope.Run(this, () =>
    {
        Check(sample, context, added);
        if (changes?.MiddleSelfAttention is not null && mid_block is null)
            throw new LowrankException("The network has no block in the middle whose self-attention could be changed.");
        bool isCheckpointed = GradientCheckpointing && is_grad_enabled();
        var conditions = new Conditions(Time(sample, timesteps, added), InDtypeOf(sample, context), isCheckpointed, changes ?? usual);

        var x = conv_in.call(sample);
        var skips = new Stack<Tensor>([x]);
        foreach (var block in down_blocks)
            foreach (var step in block.call(skips.Peek(), conditions))
                skips.Push(step);

        // The coarsest skip connection is the hidden state too: an alias, so that both can be freed.
        x = mid_block is null ? skips.Peek().alias() : mid_block.call(skips.Peek(), conditions);
        foreach (var block in up_blocks) x = block.call(x, skips, conditions);

        x = Fresh.Silu(x.Then(conv_norm_out.call(x)));
        return conv_out.call(x);
    });

    // silu of the embedded timestep and, for XL, of what else it is told.
    Tensor Time(Tensor sample, Tensor timesteps, AddedConditions? added)
    {
        long batch = sample.shape[0];
        var time = time_embedding.call(InDtypeOf(sample, time_proj.call(timesteps.to(sample.device).reshape(-1).expand(batch))));
        if (added is not null && add_time_proj is not null && add_embedding is not null)
        {
            var sizes = add_time_proj.call(added.TimeIds.to(sample.device).reshape(-1)).reshape(batch, -1);
            time = time.Plus(add_embedding.call(cat([InDtypeOf(sample, added.TextEmbeds), InDtypeOf(sample, sizes)], -1)));
        }
        return Fresh.Silu(time);
    }

    void Check(Tensor sample, Tensor context, AddedConditions? added)
    {
        var (_, channels, _, _) = sample.shape;
        if (channels != Config.InChannels)
            throw new ShapeException($"the sample has {channels} channels, and the network takes {Config.InChannels}" +
                (Config.InChannels == 9 ? " (latents, mask, masked latents: it is an inpainting model)" : ""));
        var (_, _, width) = context.shape;
        if (width != Config.CrossAttentionChannels)
            throw new ShapeException($"the encoded text has {width} channels, and the network takes {Config.CrossAttentionChannels}; " +
                "it may come from the text encoder of another model");
        if (added is null != Config.AddedInputWidth is null)
            throw new ShapeException(added is null
                ? "the network wants pooled text and sizes besides the prompt (Stable Diffusion XL), and got none"
                : "the network was given pooled text and sizes besides the prompt, and takes none");
    }

    static Tensor InDtypeOf(Tensor sample, Tensor x) =>
        x.dtype == sample.dtype && x.device == sample.device ? x : x.to(sample.dtype, sample.device);

    /// <summary>
    /// Key-map from the module paths of such a network to those of LDM and SGM checkpoints, without <c>model.diffusion_model.</c> in
    /// front.
    /// </summary>
    public static KeyMap LdmNames(UNetConfig config) => UNetKeyMap.ToLdm(config);

    /// <summary>
    /// A network with the weights of a folder that holds config.json and diffusion_pytorch_model.safetensors (or its shards).
    /// </summary>
    /// <exception cref="LowrankException">A file is missing, or does not fit the config.</exception>
    public static UNet2DConditionModel Load(string folder, Storage? storage = null)
    {
        var config = UNetConfig.Read(Path.Combine(folder, "config.json"));
        using var file = WeightFiles.Open(folder, "diffusion_pytorch_model");
        return From(file, config, storage);
    }

    /// <summary>A network of that shape with the weights of an open file.</summary>
    internal static UNet2DConditionModel From(ITensorFile file, UNetConfig config, Storage? storage)
    {
        var model = new UNet2DConditionModel(config, storage);
        Weights.Load(model, file);
        return model;
    }
}
