namespace Lowrank.Models;

/// <summary>The names of a UNet's modules in LDM and SGM checkpoints, for any number of levels and layers.</summary>
static class UNetKeyMap
{
    static readonly (string Own, string Other)[] resnet =
    [
        ("norm1", "in_layers.0"),
        ("conv1", "in_layers.2"),
        ("time_emb_proj", "emb_layers.1"),
        ("norm2", "out_layers.0"),
        ("conv2", "out_layers.3"),
        ("conv_shortcut", "skip_connection"),
    ];

    // Named alike on both sides.
    static readonly string[] transformer =
    [
        "norm", "proj_in", "proj_out",
        "transformer_blocks.{}.norm{}",
        "transformer_blocks.{}.attn{}.to_q", "transformer_blocks.{}.attn{}.to_k", "transformer_blocks.{}.attn{}.to_v",
        "transformer_blocks.{}.attn{}.to_out.{}",
        "transformer_blocks.{}.ff.net.{}.proj", "transformer_blocks.{}.ff.net.{}",
    ];

    /// <summary>diffusers' module paths to LDM's, without <c>model.diffusion_model.</c> in front.</summary>
    public static KeyMap ToLdm(UNetConfig config)
    {
        var pairs = new List<(string Own, string Other)>
        {
            ("conv_in", "input_blocks.0.0"),
            ("time_embedding.linear_1", "time_embed.0"),
            ("time_embedding.linear_2", "time_embed.2"),
            ("add_embedding.linear_1", "label_emb.0.0"),
            ("add_embedding.linear_2", "label_emb.0.2"),
            ("conv_norm_out", "out.0"),
            ("conv_out", "out.2"),
        };
        // LDM numbers the steps of all levels in a row: each resnet with what follows it, and each halving.
        int input = 1, output = 0;
        for (int level = 0; level < config.Levels; level++)
        {
            string block = $"down_blocks.{level}";
            for (int layer = 0; layer < config.LayersPerBlock[level]; layer++, input++)
            {
                Resnet($"{block}.resnets.{layer}", $"input_blocks.{input}.0");
                if (config.DownBlocks[level] == UNetConfig.CrossDown) Transformer($"{block}.attentions.{layer}", $"input_blocks.{input}.1");
            }
            if (level < config.Levels - 1) pairs.Add(($"{block}.downsamplers.0.conv", $"input_blocks.{input++}.0.op"));
        }
        if (config.MidBlock)
        {
            Resnet("mid_block.resnets.0", "middle_block.0");
            Transformer("mid_block.attentions.0", "middle_block.1");
            Resnet("mid_block.resnets.1", "middle_block.2");
        }
        for (int index = 0; index < config.Levels; index++)
        {
            string block = $"up_blocks.{index}";
            bool attends = config.UpBlocks[index] == UNetConfig.CrossUp;
            for (int layer = 0; layer <= config.LayersPerBlock[config.Levels - 1 - index]; layer++, output++)
            {
                Resnet($"{block}.resnets.{layer}", $"output_blocks.{output}.0");
                if (attends) Transformer($"{block}.attentions.{layer}", $"output_blocks.{output}.1");
            }
            // An enlargement is the last part of the level's last step.
            int place = attends ? 2 : 1;
            if (index < config.Levels - 1) pairs.Add(($"{block}.upsamplers.0.conv", $"output_blocks.{output - 1}.{place}.conv"));
        }
        return new KeyMap(pairs);

        void Resnet(string own, string other) => pairs.AddRange(resnet.Select(pair => ($"{own}.{pair.Own}", $"{other}.{pair.Other}")));
        void Transformer(string own, string other) => pairs.AddRange(transformer.Select(name => ($"{own}.{name}", $"{other}.{name}")));
    }
}
