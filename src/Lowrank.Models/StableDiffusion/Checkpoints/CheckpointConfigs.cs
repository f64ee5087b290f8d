namespace Lowrank.Models;

/// <summary>
/// Finds the shapes of a checkpoint's parts from its tensors; what they cannot tell is as in the published models of the family.
/// </summary>
/// <param name="path">The file, for errors.</param>
/// <param name="kind">Its kind.</param>
/// <param name="shapes">Its tensors' shapes by name.</param>
sealed class CheckpointConfigs(string path, CheckpointKind kind, IReadOnlyDictionary<string, long[]> shapes)
{
    const int HeadWidth = 64, Groups = 32, FirstHeads = 8, TimeWidth = 256, LongestAxis = 1 << 20;

    bool Large => StableDiffusionFamilies.IsLarge(kind.Family);

    /// <summary>The network's shape.</summary>
    /// <exception cref="LowrankException">It is not that of a known model, so that its heads and groups cannot be told.</exception>
    internal UNetConfig UNet()
    {
        var config = UNetBlocks();
        foreach (int count in config.BlockChannels)
        {
            bool hasWholeHeads = count % FirstHeads == 0 && (kind.Family == "sd1" || count % HeadWidth == 0);
            if (count % Groups > 0 || !hasWholeHeads)
                throw Unknown($"the network has levels of {count} channels, " +
                    "and how many groups and heads those have cannot be told from the weights");
        }
        return config;
    }

    /// <summary>The same, found by walking its blocks; its heads and groups are those of the published models.</summary>
    internal UNetConfig UNetBlocks()
    {
        const string prefix = CheckpointKind.UNetPrefix;
        const string input = prefix + "input_blocks.0.0.weight";
        var levels = WayDown(prefix, Axis(input, 0));
        CheckWayUp(prefix, levels);
        int middle = Depth(prefix + "middle_block.1."), coarsest = levels[^1].Depth;
        if (coarsest > 0 && middle != coarsest) throw Irregular("middle_block");
        int first = levels.FindIndex(level => level.Attends);
        if (first < 0) throw Irregular("input_blocks, none of which attends");
        string attention = $"{prefix}input_blocks.{1 + levels.Take(first).Sum(level => level.Layers + 1)}.1.";
        int? added = Large ? Axis(prefix + "label_emb.0.0.weight", 1) : null;
        // The middle's depth is the last level's, whether that attends or not.
        var depths = levels.SkipLast(1).Select(level => Math.Max(level.Depth, 1)).Append(Math.Max(middle, 1));
        return new UNetConfig
        {
            InChannels = Axis(input, 1),
            OutChannels = Axis(prefix + "out.2.weight", 0),
            BlockChannels = [.. levels.Select(level => level.Channels)],
            DownBlocks = [.. levels.Select(level => level.Attends ? UNetConfig.CrossDown : UNetConfig.PlainDown)],
            UpBlocks = [.. Enumerable.Reverse(levels).Select(level => level.Attends ? UNetConfig.CrossUp : UNetConfig.PlainUp)],
            LayersPerBlock = [.. levels.Select(level => level.Layers)],
            TransformerDepth = [.. depths],
            Heads = [.. levels.Select(level => kind.Family == "sd1" ? FirstHeads : level.Channels / HeadWidth)],
            CrossAttentionChannels = Axis(attention + "transformer_blocks.0.attn2.to_k.weight", 1),
            UseLinearProjection = Shape(attention + "proj_in.weight").Length == 2,
            UpcastAttention = kind.Family == "sd2",
            AddedInputWidth = added,
            AddedTimeWidth = added is { } width ? AddedTimeWidth(width) : null,
            SampleSize = Large ? UNetConfig.Sdxl.SampleSize : UNetConfig.Sd15.SampleSize,
        };
    }

    sealed record Level(int Channels, int Layers, int Depth)
    {
        public bool Attends => Depth > 0;
    }

    // The levels in the order of the checkpoint's input blocks, which number all their steps in a row.
    List<Level> WayDown(string prefix, int width)
    {
        var levels = new List<Level>();
        for (int block = 1; ; block++)
        {
            var depths = new List<int>();
            for (; $"{prefix}input_blocks.{block}.0.in_layers.2.weight" is var resnet && shapes.ContainsKey(resnet); block++)
            {
                width = Axis(resnet, 0);
                depths.Add(Depth($"{prefix}input_blocks.{block}.1."));
            }
            if (depths.Distinct().Count() != 1) throw Irregular($"input_blocks up to {block}");
            levels.Add(new(width, depths.Count, depths[0]));
            bool isHalved = shapes.ContainsKey($"{prefix}input_blocks.{block}.0.op.weight");
            if (!isHalved) return levels;
        }
    }

    /// <summary>The autoencoder's shape.</summary>
    /// <exception cref="LowrankException">It is not that of a known model, so that its groups cannot be told.</exception>
    internal VaeConfig Vae()
    {
        var config = VaeBlocks();
        return config.BlockChannels.FirstOrDefault(count => count % Groups > 0) is > 0 and var odd
            ? throw Unknown($"the autoencoder has levels of {odd} channels, and how many groups those have cannot be told from the weights")
            : config;
    }

    /// <summary>The same, with the groups of the published models.</summary>
    internal VaeConfig VaeBlocks()
    {
        const string prefix = CheckpointKind.VaePrefix;
        var channels = new List<int>();
        while ($"{prefix}encoder.down.{channels.Count}.block.0.conv1.weight" is var level && shapes.ContainsKey(level))
            channels.Add(Axis(level, 0));
        if (channels.Count == 0) throw Irregular("the autoencoder's encoder");
        int layers = 0;
        while (shapes.ContainsKey($"{prefix}encoder.down.0.block.{layers}.conv1.weight")) layers++;
        var published = Large ? VaeConfig.Sdxl : VaeConfig.Sd15;
        return published with
        {
            InChannels = Axis(prefix + "encoder.conv_in.weight", 1),
            OutChannels = Axis(prefix + "decoder.conv_out.weight", 0),
            LatentChannels = Axis(prefix + "decoder.conv_in.weight", 1),
            BlockChannels = channels,
            LayersPerBlock = layers,
            MidBlockAttention = shapes.ContainsKey(prefix + "encoder.mid.attn_1.q.weight"),
            QuantConv = shapes.ContainsKey(prefix + "quant_conv.weight"),
            PostQuantConv = shapes.ContainsKey(prefix + "post_quant_conv.weight"),
        };
    }

    /// <summary>A text encoder's shape.</summary>
    /// <param name="part">"text_encoder" or "text_encoder_2".</param>
    /// <param name="names">Its names in the file.</param>
    /// <param name="spelling">How those are spelled.</param>
    internal ClipTextConfig Clip(string part, CheckpointNames names, ClipSpelling spelling)
    {
        const string tokens = "text_model.embeddings.token_embedding.weight";
        int hidden = Own(tokens, 1), layers = ClipLayers(part, names, spelling);
        if (hidden % HeadWidth > 0)
            throw Unknown($"the {part} has {hidden} channels, and how many heads those are cannot be told from the weights");
        bool second = part == "text_encoder_2";
        return new ClipTextConfig
        {
            VocabularySize = Own(tokens, 0),
            HiddenSize = hidden,
            IntermediateSize = Own("text_model.encoder.layers.0.mlp.fc1.weight", 0),
            Layers = layers,
            Heads = hidden / HeadWidth,
            MaxPositions = Own("text_model.embeddings.position_embedding.weight", 0),
            Activation = second || kind.Family == "sd2" ? "gelu" : "quick_gelu",
            ProjectionSize = second ? Own("text_projection.weight", 0) : null,
        };

        // Of those that lie folded, a projection alone is asked for.
        int Own(string own, int axis)
        {
            var (key, folding) = names.ToKey(own) ?? throw Irregular(own);
            return Axis(key, folding == Folding.Transposed ? 1 - axis : axis);
        }
    }

    /// <summary>
    /// Layers of a text encoder that are used: the published SD 2 carries one more than it was trained on, and a projection.
    /// </summary>
    internal int ClipLayers(string part, CheckpointNames names, ClipSpelling spelling)
    {
        int layers = 0;
        while (names.ToKey($"text_model.encoder.layers.{layers}.layer_norm1.weight") is { } key && shapes.ContainsKey(key.Key)) layers++;
        bool isOpenClipOfSd2 = part == "text_encoder" && kind.Family == "sd2" && spelling == ClipSpelling.OpenClip;
        if (!isOpenClipOfSd2 || layers == ClipTextConfig.Sd21.Layers) return layers;
        return layers == ClipTextConfig.Sd21.Layers + 1 || shapes.ContainsKey(names.Prefix + "text_projection") ? layers - 1 : layers;
    }

    // What XL is told: the pooled text, then six numbers (the refiner: five) as sinusoids of one width.
    int AddedTimeWidth(int added)
    {
        var second = kind.TextEncoders.FirstOrDefault(text => text.Part == "text_encoder_2");
        if (second.Prefix is null || !shapes.ContainsKey(second.Prefix + "text_projection")) return TimeWidth;
        int sinusoids = added - Axis(second.Prefix + "text_projection", 1);
        int numbers = kind.Family == StableDiffusionGeneration.Refiner ? 5 : 6;
        return sinusoids > 0 && sinusoids % numbers == 0 ? sinusoids / numbers : TimeWidth;
    }

    void CheckWayUp(string prefix, List<Level> levels)
    {
        int block = 0;
        foreach (var level in Enumerable.Reverse(levels))
            for (int layer = 0; layer <= level.Layers; layer++, block++)
                if (!HasResnet() || Depth($"{prefix}output_blocks.{block}.1.") != level.Depth) throw Irregular($"output_blocks.{block}");
        if (HasResnet()) throw Irregular($"output_blocks.{block}");

        bool HasResnet() => shapes.ContainsKey($"{prefix}output_blocks.{block}.0.in_layers.2.weight");
    }

    int Depth(string attention)
    {
        int depth = 0;
        while (shapes.ContainsKey($"{attention}transformer_blocks.{depth}.norm1.weight")) depth++;
        return depth;
    }

    long[] Shape(string name) => shapes.TryGetValue(name, out var shape) ? shape
        : throw new LowrankException($"{path} lacks {name}, which every {kind.Title} checkpoint has. " +
            "Is it pruned too far, or made by a broken merge?");

    // Shapes come from a file, which may say anything.
    int Axis(string name, int axis) => Shape(name) is var shape && axis < shape.Length && shape[axis] is > 0 and <= LongestAxis
        ? (int)shape[axis]
        : throw Irregular($"{name} of shape {shape.Text()}");

    LowrankException Irregular(string where) =>
        new($"{path} is a {kind.Title} checkpoint of a shape that is not known: see {where}. " +
            "Distilled models (SSD-1B, Segmind) cannot be loaded.");

    LowrankException Unknown(string what) =>
        new($"{path}: {what}. Give the diffusers folder of a model of the same shape as its config " +
            "(CheckpointOptions.Config).");
}
