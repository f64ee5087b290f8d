namespace Lowrank.Models;

/// <summary>The names of an autoencoder's tensors in LDM checkpoints.</summary>
static class VaeKeyMap
{
    static readonly (string Own, string Other)[] resnet =
        [("norm1", "norm1"), ("conv1", "conv1"), ("norm2", "norm2"), ("conv2", "conv2"), ("conv_shortcut", "nin_shortcut")];

    static readonly (string Own, string Other)[] projections = [("to_q", "q"), ("to_k", "k"), ("to_v", "v"), ("to_out.0", "proj_out")];

    internal static CheckpointNames ToLdm(int levels)
    {
        var pairs = new List<(string Own, string Other)> { ("quant_conv", "quant_conv"), ("post_quant_conv", "post_quant_conv") };
        foreach (string half in new[] { "encoder", "decoder" })
        {
            pairs.Add(($"{half}.conv_in", $"{half}.conv_in"));
            pairs.Add(($"{half}.conv_out", $"{half}.conv_out"));
            pairs.Add(($"{half}.conv_norm_out", $"{half}.norm_out"));
            pairs.Add(($"{half}.mid_block.attentions.0.group_norm", $"{half}.mid.attn_1.norm"));
            Resnet($"{half}.mid_block.resnets.0", $"{half}.mid.block_1");
            Resnet($"{half}.mid_block.resnets.1", $"{half}.mid.block_2");
        }
        Resnet("encoder.down_blocks.{}.resnets.{}", "encoder.down.{}.block.{}");
        pairs.Add(("encoder.down_blocks.{}.downsamplers.0.conv", "encoder.down.{}.downsample.conv"));
        // LDM counts the decoder's levels from the finest, diffusers in their order.
        for (int index = 0; index < levels; index++)
        {
            string own = $"decoder.up_blocks.{index}", other = $"decoder.up.{levels - 1 - index}";
            Resnet($"{own}.resnets.{{}}", $"{other}.block.{{}}");
            pairs.Add(($"{own}.upsamplers.0.conv", $"{other}.upsample.conv"));
        }
        var attention = (
            from half in new[] { "encoder", "decoder" }
            from pair in projections
            select (Own: $"{half}.mid_block.attentions.0.{pair.Own}", Other: $"{half}.mid.attn_1.{pair.Other}")).ToList();
        var weights = attention.Select(pair => (pair.Own + ".weight", pair.Other + ".weight"));
        var biases = attention.Select(pair => (pair.Own + ".bias", pair.Other + ".bias"));
        return new CheckpointNames("first_stage_model.",
            (Folding.Convolution, new KeyMap([.. weights])),
            (Folding.Same, new KeyMap([.. CheckpointNames.WithParameters(pairs).Pairs, .. biases])));

        void Resnet(string own, string other) => pairs.AddRange(resnet.Select(pair => ($"{own}.{pair.Own}", $"{other}.{pair.Other}")));
    }
}
