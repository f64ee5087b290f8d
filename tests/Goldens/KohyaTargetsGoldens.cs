using Lowrank.Adapters;
using Lowrank.Models;
using TorchSharp;
using static TorchSharp.torch;
using Storage = Lowrank.Torch.Layers.Storage;

namespace Goldens;

/// <summary>The layers that are adapted when nobody names them, and their names in files, on the real models' shapes.</summary>
public sealed class KohyaTargetsGoldens
{
    // Shapes alone: nothing is allocated.
    static readonly Storage nowhere = new(ScalarType.Float32, new Device(DeviceType.META));

    internal static ModelDescription Describe(string family)
    {
        var (unet, texts) = family switch
        {
            "sd1" => (UNetConfig.Sd15, new[] { ClipTextConfig.Sd15 }),
            "sd2" => (UNetConfig.Sd21, [ClipTextConfig.Sd21]),
            _ => (UNetConfig.Sdxl, [ClipTextConfig.Sd15, ClipTextConfig.SdxlSecond]),
        };
        return StableDiffusionComponents.Describe(family,
        [
            ("unet", new UNet2DConditionModel(unet, nowhere)),
            .. texts.Select((text, i) => (i == 0 ? "text_encoder" : $"text_encoder_{i + 1}", (nn.Module)new ClipTextModel(text, nowhere))),
        ]);
    }

    [Theory]
    [InlineData("sd1", 192, 72)]
    [InlineData("sd2", 192, 138)]
    [InlineData("sdxl", 722, 72, 192)]
    public void ThereAreAsManyAsKohyaAdapts(string family, params int[] counts)
    {
        var model = Describe(family);
        var targets = TargetSelection.Kohya(model, denoiser: true, textEncoder: true);
        Assert.Equal(counts, model.Components.Select(c => targets.Count(t => t.Path.StartsWith(c.Name + ".", StringComparison.Ordinal))));
        Assert.Equal(counts[0], TargetSelection.Kohya(model).Count);
        Assert.Equal(counts[1..].Sum(), TargetSelection.Kohya(model, denoiser: false, textEncoder: true).Count);
    }

    [Fact]
    public void ConvolutionsBringWhatResidualBlocksAndSamplersHoldAndNothingAtTheEnds()
    {
        var model = Describe("sd1");
        var added = TargetSelection.Kohya(model, convolutions: true).Select(t => t.Path).Except(TargetSelection.Kohya(model).Select(t => t.Path)).ToList();
        Assert.All(added, path => Assert.Contains(path.Split('.'), part => part is "resnets" or "downsamplers" or "upsamplers"));
        Assert.Contains("unet.up_blocks.1.resnets.0.conv_shortcut", added);
        Assert.Contains("unet.mid_block.resnets.1.time_emb_proj", added);
        Assert.DoesNotContain("unet.conv_in", added);
        // 22 residual blocks of two convolutions and a projection, 14 shortcuts, 3 samplers each way.
        Assert.Equal(22 * 3 + 14 + 6, added.Count);
    }

    [Theory]
    [InlineData("sd1", "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q")]
    [InlineData("sd1", "text_encoder.text_model.encoder.layers.3.mlp.fc1", "lora_te_text_model_encoder_layers_3_mlp_fc1")]
    [InlineData("sd2", "text_encoder.text_model.encoder.layers.3.self_attn.q_proj", "lora_te_text_model_encoder_layers_3_self_attn_q_proj")]
    [InlineData("sdxl", "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q", "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q")]
    [InlineData("sdxl", "unet.mid_block.attentions.0.transformer_blocks.9.ff.net.0.proj", "lora_unet_middle_block_1_transformer_blocks_9_ff_net_0_proj")]
    [InlineData("sdxl", "unet.up_blocks.0.upsamplers.0.conv", "lora_unet_output_blocks_2_2_conv")]
    [InlineData("sdxl", "unet.add_embedding.linear_1", "lora_unet_label_emb_0_0")]
    [InlineData("sdxl", "text_encoder.text_model.encoder.layers.3.self_attn.out_proj", "lora_te1_text_model_encoder_layers_3_self_attn_out_proj")]
    [InlineData("sdxl", "text_encoder_2.text_projection", "lora_te2_text_projection")]
    public void NamesAreKohyas(string family, string path, string name)
    {
        var model = Describe(family);
        var component = model.Components.Last(c => path.StartsWith(c.Name + ".", StringComparison.Ordinal));
        var target = component.Targets.First(t => t.Target.Path == path).Target;
        Assert.Equal(name, Dialects.Named("kohya").Spelling.Names(model, component, target).First());
    }

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    [InlineData("sdxl")]
    public void NoTwoLayersShareAName(string family)
    {
        var model = Describe(family);
        var dialect = Dialects.Named("kohya");
        var owners = from component in model.Components
                     from pair in component.Targets
                     from name in dialect.Spelling.Names(model, component, pair.Target).Distinct()
                     group pair.Target.Path by name;
        Assert.All(owners, owner => Assert.Single(owner.Distinct()));
    }
}
