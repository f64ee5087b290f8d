using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Models;
using TorchSharp;
using static TorchSharp.torch;
using Storage = Lowrank.Torch.Storage;

namespace Goldens;

/// <summary>How many layers kohya's scripts adapt in the published models, and how they name them. Counts: kohya-ss/sd-scripts networks/lora.py.</summary>
public sealed class KohyaTargetsGoldens
{
    static readonly Storage nowhere = new(ScalarType.Float32, new Device(DeviceType.META));

    static ModelDescription Model(string family)
    {
        var (unet, texts) = family switch
        {
            "sd1" => (UNetConfig.Sd15, new[] { ClipTextConfig.Sd15 }),
            "sd2" => (UNetConfig.Sd21, [ClipTextConfig.Sd21]),
            _ => (UNetConfig.Sdxl, [ClipTextConfig.Sd15, ClipTextConfig.SdxlSecond]),
        };
        var none = new Dictionary<string, KeyMap>();
        return new ModelDescription(family, [
            new ModelComponent("unet", new UNet2DConditionModel(unet, nowhere), new Dictionary<string, KeyMap> { ["ldm"] = UNet2DConditionModel.LdmNames(unet) }),
            .. texts.Select((text, i) => new ModelComponent(i == 0 ? "text_encoder" : "text_encoder_2", new ClipTextModel(text, nowhere), none)),
        ]);
    }

    [Theory]
    [InlineData("sd1", "unet 192, text_encoder 72")]
    [InlineData("sd2", "unet 192, text_encoder 138")]
    [InlineData("sdxl", "unet 722, text_encoder 72, text_encoder_2 192")]
    public void As_many_layers_as_kohya_adapts(string family, string counts)
    {
        var targets = TargetSelection.Kohya(Model(family), unet: true, textEncoder: true);
        Assert.Equal(counts, string.Join(", ", targets.CountBy(t => t.Path.Split('.')[0]).Select(pair => $"{pair.Key} {pair.Value}")));
    }

    [Theory]
    [InlineData("sd1", 192, 278)]
    [InlineData("sdxl", 722, 788)]
    public void Convolutions_come_on_top(string family, int plain, int withConvolutions)
    {
        var model = Model(family);
        Assert.Equal(plain, TargetSelection.Kohya(model).Count);
        Assert.Equal(withConvolutions, TargetSelection.Kohya(model, convolutions: true).Count);
    }

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    [InlineData("sdxl")]
    public void No_two_layers_share_a_name(string family)
    {
        var model = Model(family);
        var names = new Dictionary<string, string>();
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
                foreach (string name in Dialects.Named("kohya").Names(model, component, target))
                    Assert.True(names.TryAdd(name, target.Path) || names[name] == target.Path, $"{name} is {names[name]} and {target.Path}");
    }

    [Theory]
    [InlineData("sd1", "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q")]
    [InlineData("sd1", "text_encoder.text_model.encoder.layers.11.mlp.fc2", "lora_te_text_model_encoder_layers_11_mlp_fc2")]
    [InlineData("sdxl", "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q", "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q")]
    [InlineData("sdxl", "text_encoder.text_model.encoder.layers.0.self_attn.q_proj", "lora_te1_text_model_encoder_layers_0_self_attn_q_proj")]
    [InlineData("sdxl", "text_encoder_2.text_model.encoder.layers.31.mlp.fc1", "lora_te2_text_model_encoder_layers_31_mlp_fc1")]
    public void Names_are_written_as_kohya_writes_them(string family, string path, string name)
    {
        var model = Model(family);
        var component = model.Components.First(c => path.StartsWith(c.Name + ".", StringComparison.Ordinal));
        var (target, _) = component.Targets.First(t => t.Target.Path == path);
        Assert.Equal(name, Dialects.Named("kohya").Names(model, component, target).First());
    }
}
