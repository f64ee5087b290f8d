using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

public class UNetTests
{
    static readonly Storage nowhere = new(ScalarType.Float32, new Device(DeviceType.META));

    public static TheoryData<UNetConfig, long> Published => new()
    {
        { UNetConfig.Sd15, 859_520_964 },
        { UNetConfig.Sd21, 865_910_724 },
        { UNetConfig.Sdxl, 2_567_463_684 },
    };

    [Theory, MemberData(nameof(Published))]
    public void APresetHasAsManyParametersAsThePublishedModel(UNetConfig config, long parameters)
    {
        using var model = new UNet2DConditionModel(config, nowhere);
        Assert.Equal(parameters, model.parameters().Sum(p => p.numel()));
    }

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    [InlineData("sdxl")]
    public void TheKeyMapIsOneToOneOverTheModelsOwnModules(string name)
    {
        using var model = UNet2DConditionModel.Load(Path.Combine(Folders.Tiny(name), "unet"));
        UNet2DConditionModel.LdmNames(model.Config).Verify(AdaptableLayers.In(model, "unet").Select(found => found.Target.Path["unet.".Length..]));
    }

    [Theory]
    [InlineData("sd1", 8, 8)]
    [InlineData("sd2", 9, 7)]
    [InlineData("sdxl", 5, 12)]
    public void APassLeavesOnlyItsAnswer(string name, int height, int width)
    {
        using var model = UNet2DConditionModel.Load(Path.Combine(Folders.Tiny(name), "unet"));
        foreach (bool gradients in new[] { false, true })
            LeakGuard.NoTensorLeaks(() =>
            {
                using var mode = set_grad_enabled(gradients);
                using var scope = NewDisposeScope();
                var (sample, time, context, added) = Inputs(model.Config, height, width);
                long before = LeakGuard.Live;
                using var output = model.Run(sample, time, context, added);
                Assert.Equal(sample.shape, output.shape);
                Assert.Equal(before + 1, LeakGuard.Live);
                Assert.Equal(height, sample.shape[2]);   // the caller's tensors are the caller's
                Assert.Equal(model.Config.CrossAttentionChannels, context.shape[2]);
            });
    }

    [Fact]
    public void InBfloat16TheAnswerIsNearTheOneInFloat32()
    {
        string folder = Path.Combine(Folders.Tiny("sd2"), "unet");
        using UNet2DConditionModel exact = UNet2DConditionModel.Load(folder), rounded = UNet2DConditionModel.Load(folder, new Storage(ScalarType.BFloat16));
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var (sample, time, context, _) = Inputs(exact.Config, 8, 8);
        var want = exact.Run(sample, time, context);
        var got = rounded.Run(sample.bfloat16(), time, context);
        Assert.Equal(ScalarType.BFloat16, got.dtype);
        // 8 bits of mantissa over some hundred operations.
        Assert.True((got.to(ScalarType.Float32) - want).abs().max().ToDouble() < 0.05 * want.abs().max().ToDouble());
        var cast = exact.Run(sample.bfloat16(), time, context);   // stored in float32, computed in bfloat16
        Assert.True((cast.to(ScalarType.Float32) - want).abs().max().ToDouble() < 0.05 * want.abs().max().ToDouble());
    }

    [Fact]
    public void InputsOfAnotherModelAreErrorsThatSayWhatIsWrong()
    {
        using var model = UNet2DConditionModel.Load(Path.Combine(Folders.Tiny("sd1"), "unet"));
        using var scope = NewDisposeScope();
        var (sample, time, context, _) = Inputs(model.Config, 8, 8);
        Assert.Contains("the sample has 9 channels", Fault(() => model.Run(zeros(1, 9, 8, 8), time, context)), StringComparison.Ordinal);
        Assert.Contains("the encoded text has 7 channels", Fault(() => model.Run(sample, time, zeros(2, 77, 7))), StringComparison.Ordinal);
        Assert.Contains("takes none", Fault(() => model.Run(sample, time, context, new AddedConditions(zeros(2, 4), zeros(2, 6)))), StringComparison.Ordinal);
        using var large = UNet2DConditionModel.Load(Path.Combine(Folders.Tiny("sdxl"), "unet"));
        var (wide, _, text, _) = Inputs(large.Config, 8, 8);
        Assert.Contains("Stable Diffusion XL", Fault(() => large.Run(wide, time, text)), StringComparison.Ordinal);

        static string Fault(Action run) => Assert.ThrowsAny<LowrankException>(run).Message;
    }

    [Theory]
    [InlineData("\"class_embed_type\": null", "\"class_embed_type\": \"timestep\"", "class_embed_type is timestep, which is not supported")]
    [InlineData("\"act_fn\": \"silu\"", "\"act_fn\": \"gelu\"", "act_fn is \"gelu\"")]
    [InlineData("\"DownBlock2D\"", "\"AttnDownBlock2D\"", "down_block_types is \"AttnDownBlock2D\"")]
    [InlineData("\"sample_size\": 8", "\"sample_size\": 8, \"twist\": 3", "twist is 3")]
    [InlineData("\"norm_num_groups\": 8", "\"norm_num_groups\": 7", "norm_num_groups is 7, which does not divide")]
    [InlineData("\"layers_per_block\": 2", "\"layers_per_block\": [2, 2]", "layers_per_block is [2, 2]")]
    public void AConfigThatWouldChangeTheAnswerIsAnError(string from, string to, string fault)
    {
        string folder = Folders.Copy(Path.Combine(Folders.Tiny("sd1"), "unet"));
        Folders.Edit(folder, "config.json", from, to);
        Assert.Contains(fault, Assert.Throws<LowrankException>(() => UNetConfig.Read(Path.Combine(folder, "config.json"))).Message, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void ANetworkWithoutMidBlockAndWithOtherLayersPerLevelCanBeBuilt()
    {
        var config = new UNetConfig
        {
            BlockChannels = [8, 16],
            DownBlocks = ["CrossAttnDownBlock2D", "DownBlock2D"],
            UpBlocks = ["UpBlock2D", "CrossAttnUpBlock2D"],
            LayersPerBlock = [1, 3],
            Heads = [2, 2],
            TransformerDepth = [2, 1],
            CrossAttentionChannels = 12,
            NormGroups = 4,
            MidBlock = false,
        };
        using var model = new UNet2DConditionModel(config);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in model.parameters()) parameter.normal_(0, 0.1);
        var (sample, time, context, _) = Inputs(config, 7, 6);
        Assert.Equal(sample.shape, model.Run(sample, time, context).shape);
        UNet2DConditionModel.LdmNames(config).Verify(AdaptableLayers.In(model, "unet").Select(found => found.Target.Path["unet.".Length..]));
    }

    [Theory]
    [InlineData("sd1")]
    [InlineData("sdxl")]
    public void AnAdapterWithAFunctionOfItsOwnGetsTheGradientsOfThePlainFormula(string name)
    {
        using var model = UNet2DConditionModel.Load(Path.Combine(Folders.Tiny(name), "unet"));
        using var scope = NewDisposeScope();
        var linears = AdaptableLayers.In(model, "unet").Where(found => found.Layer.Kind == LayerKind.Linear).Select(found => found.Layer).ToList();
        var hosts = linears.ToDictionary(layer => layer, layer => new Low(layer, new Generator(7)));
        foreach (var (layer, host) in hosts) layer.Host = host;
        var (sample, time, context, added) = Inputs(model.Config, 16, 16);   // at 8 the coarsest level has one place, which attends to nothing else

        var want = Gradients(fused: false, checkpointing: false);
        Assert.All(want, gradient => Assert.True(gradient.abs().max().ToDouble() > 0));
        foreach (bool checkpointing in new[] { false, true })
            foreach (var (got, plain) in Gradients(fused: true, checkpointing).Zip(want))
                // Sums in another order, in float32.
                Assert.True(got.allclose(plain, 1e-3, 1e-6 * Math.Max(1, plain.abs().max().ToDouble())));

        List<Tensor> Gradients(bool fused, bool checkpointing)
        {
            model.GradientCheckpointing = checkpointing;
            foreach (var host in hosts.Values) host.Fused = fused;
            model.Run(sample, time, context, added).square().mean().backward();
            var gradients = hosts.Values.SelectMany(host => new[] { host.Down, host.Up }).Select(part => part.grad!.clone()).ToList();
            foreach (var host in hosts.Values)
                foreach (var part in new[] { host.Down, host.Up }) part.grad!.zero_();
            return gradients;
        }
    }

    sealed class Low(IAdaptable adapted, Generator generator) : IAdapterHost
    {
        public Tensor Down { get; } = (randn([2, adapted.Weight.Shape[1]], generator: generator) * 0.1).requires_grad_();

        public Tensor Up { get; } = (randn([adapted.Weight.Shape[0], 2], generator: generator) * 0.1).requires_grad_();

        public bool Fused { get; set; }

        public Tensor Forward(Tensor x, IAdaptable layer) => Fused
            ? LoraLinear.Run(x, layer.Weight.Dense(), layer.Bias, Down, Up, 0.5)
            : layer.Run(x) + nn.functional.linear(nn.functional.linear(x, Down), Up) * 0.5;
    }

    static (Tensor Sample, Tensor Time, Tensor Context, AddedConditions? Added) Inputs(UNetConfig config, int height, int width)
    {
        var generator = new Generator(3);
        var added = config.AddedInputWidth is { } input
            ? new AddedConditions(randn(2, input - 6 * config.AddedTimeWidth!.Value, generator: generator), tensor(new float[] { 64, 64, 0, 0, 64, 64 }).expand(2, 6))
            : null;
        return (randn([2, config.InChannels, height, width], generator: generator), tensor(new long[] { 999, 1 }), randn(2, 77, config.CrossAttentionChannels, generator: generator), added);
    }
}
