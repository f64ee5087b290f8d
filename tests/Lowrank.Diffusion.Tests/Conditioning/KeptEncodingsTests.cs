using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>What a text encoder said is kept for as long as it would say the same.</summary>
public sealed class KeptEncodingsTests : CountedEncoderTests
{
    TextConditioning Encode(string text, int? clipSkip = null, int chunks = 1)
    {
        using var grad = no_grad();
        return PromptEncoding.WebUi.Encode(Model, [text], clipSkip, chunks: chunks);
    }

    static void Same(Tensor want, Tensor got) => Assert.True(want.contiguous().bytes.SequenceEqual(got.contiguous().bytes));

    [Fact]
    public void TheSameTextIsEncodedOnceWithTheVeryBits()
    {
        var first = Encode("a red fox");
        Assert.Equal(1, Asked.Count);
        Encode("");
        Assert.Equal(2, Asked.Count);
        Same(first.Context, Encode("a red fox").Context);
        Same(first.Context, Encode("A red  fox").Context);   // the same tokens
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    public void AnotherTextOrStateIsEncodedAnew()
    {
        var first = Encode("a red fox");
        Assert.False(first.Context.allclose(Encode("a red pen").Context));
        Assert.False(first.Context.allclose(Encode("a red fox", clipSkip: 2).Context));
        Assert.Equal(3, Asked.Count);
    }

    [Fact]
    public void WeightsOfWordsChangeNothingOfWhatIsKept()
    {
        Encode("a red fox");
        var heavy = Encode("a (red:1.4) fox").Context;
        Assert.Equal(1, Asked.Count);
        Assert.False(heavy.allclose(Encode("a red fox").Context));
        Same(heavy, Encode("a (red:1.4) fox").Context);
        Assert.Equal(1, Asked.Count);
    }

    [Fact]
    public void AnEncoderThatWasChangedIsAskedAgain()
    {
        var first = Encode("a red fox").Context;
        using (no_grad()) Model.TextEncoder.parameters().First().mul_(1.5);
        Assert.False(first.allclose(Encode("a red fox").Context));
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    public void AWordThatIsTaughtAnewIsHeard()
    {
        int width = Model.TextEncoder.Config.HiddenSize;
        Tensor With(float value)
        {
            using var vectors = full(2, width, value, device: CPU);
            using var word = Model.Teach("foxword", new Dictionary<string, Tensor> { ["text_encoder"] = vectors });
            return Encode("a foxword").Context;
        }
        Assert.False(With(0.5f).allclose(With(-1)));
        Same(Encode("a foxword").Context, Encode("a foxword").Context);
        Assert.Equal(3, Asked.Count);
    }

    [Fact]
    public void WhoListensToALayerHearsEveryCall()
    {
        var layer = Model.TextEncoder.modules().OfType<IAdaptable>().First(one => one.Kind == LayerKind.Linear);
        var listener = new Listener();
        layer.Host = listener;
        Encode("a red fox");
        Encode("a red fox");
        layer.Host = null;
        Assert.Equal(2, listener.Calls);
    }

    sealed class Listener : IAdapterHost
    {
        public int Calls { get; private set; }

        public Tensor Forward(Tensor x, IAdaptable layer)
        {
            Calls++;
            return layer.Run(x);
        }
    }

    [Fact]
    public void WhereGradientsGoBackItIsAsked()
    {
        PromptEncoding.WebUi.Encode(Model, ["a red fox"]);
        PromptEncoding.WebUi.Encode(Model, ["a red fox"]);
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    public void OfManyTextsTheLastAreKept()
    {
        foreach (int number in Enumerable.Range(0, 40)) Encode($"{number} foxes");
        Encode("39 foxes");
        Assert.Equal(40, Asked.Count);
        Encode("0 foxes");
        Assert.Equal(41, Asked.Count);
    }

    [Fact]
    public void APictureDoesNotDependOnWhatWasDrawnBefore()
    {
        var options = new GenerateOptions { Prompts = ["a fox"], NegativePrompt = "bad", Width = 64, Height = 32, Steps = 2, Seeds = [7] };
        var pipeline = new TextToImage(Model, Precision.Float32, CPU);
        var first = pipeline.Generate(options, cancel: TestContext.Current.CancellationToken)[0];
        pipeline.Generate(options with { Prompts = ["bad", "a fox"] }, cancel: TestContext.Current.CancellationToken);
        int before = Asked.Count;
        var again = pipeline.Generate(options, cancel: TestContext.Current.CancellationToken)[0];
        Assert.Equal(first.Pixels, again.Pixels);
        Assert.Equal(before, Asked.Count);
    }

    [Fact]
    public void NothingOfItHasToBeFreed() => LeakGuard.NoTensorLeaks(() =>
    {
        using var own = NewDisposeScope();
        Encode("a red fox");
        Encode("a red fox");
    });
}
