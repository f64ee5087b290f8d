using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

public class ClipTextModelTests
{
    [Fact]
    public void APassLeavesOnlyItsAnswer()
    {
        using var model = ClipTextModel.Load(Path.Combine(Folders.Tiny("sdxl"), "text_encoder_2"));
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            var ids = zeros(2, 77, ScalarType.Int64);
            long before = LeakGuard.Live;
            var output = model.Run(ids);
            Assert.Equal(model.Config.Layers + 1, output.HiddenStates.Count);
            Assert.Equal(before + output.HiddenStates.Count + 3, LeakGuard.Live);   // the states, the last normed, pooled, projected
        });
    }

    [Fact]
    public void CheckpointingChangesNoGradient()
    {
        using var model = ClipTextModel.Load(Path.Combine(Folders.Tiny("sd1"), "text_encoder"));
        using var scope = NewDisposeScope();
        var weight = model.named_parameters().First(p => p.name.EndsWith("layers.0.mlp.fc1.weight", StringComparison.Ordinal)).parameter;
        weight.requires_grad = true;
        var gradients = new List<Tensor>();
        foreach (bool checkpointing in new[] { false, true })
        {
            model.GradientCheckpointing = checkpointing;
            model.Run(arange(77, dtype: ScalarType.Int64).view(1, 77)).LastHiddenState.square().mean().backward();
            gradients.Add(weight.grad!.clone());
            weight.grad!.zero_();
        }
        Assert.True(gradients[0].allclose(gradients[1], 0, 0));
        Assert.True(gradients[0].abs().max().ToDouble() > 0);
    }

    [Fact]
    public void MoreTokensThanPositionsAreAnErrorThatSaysSo()
    {
        using var model = ClipTextModel.Load(Path.Combine(Folders.Tiny("sd1"), "text_encoder"));
        using var scope = NewDisposeScope();
        Assert.Contains("78 tokens were given, and the encoder has 77 positions", Assert.ThrowsAny<LowrankException>(() => model.Run(zeros(1, 78, ScalarType.Int64))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFaultOfAConfigIsListed()
    {
        string folder = Folders.Copy(Path.Combine(Folders.Tiny("sd1"), "text_encoder"));
        Folders.Edit(folder, "config.json", "\"quick_gelu\"", "\"relu\"");
        Folders.Edit(folder, "config.json", "\"num_attention_heads\": 4", "\"num_attention_heads\": 5");
        string message = Assert.Throws<LowrankException>(() => ClipTextModel.Load(folder)).Message;
        Assert.Contains("hidden_act is \"relu\"", message, StringComparison.Ordinal);
        Assert.Contains("num_attention_heads is 5, which does not divide hidden_size 32", message, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }
}
