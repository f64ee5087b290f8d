namespace Lowrank.Torch.Tests;

public class LayerTests
{
    sealed class Block : Layer
    {
        readonly Linear first = new(4, 6), second = new(5, 3);   // they do not fit

        public Block() : base(nameof(Block)) => RegisterComponents();

        protected override Tensor Compute(Tensor x) => second.call(first.call(x));
    }

    sealed class Model : Layer
    {
        readonly TorchSharp.Modules.ModuleList<Block> blocks = nn.ModuleList(new Block());

        public Model() : base(nameof(Model)) => RegisterComponents();

        protected override Tensor Compute(Tensor x) => blocks[0].call(x);
    }

    [Fact]
    public void AnErrorNamesTheModuleItHappenedIn() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var model = new Model();
        var error = Assert.Throws<LayerException>(() => model.call(ones(2, 4)));
        Assert.Equal("blocks.0.second", error.Path);
        Assert.Contains("At blocks.0.second.", error.Message);
    });

    [Fact]
    public void IntermediatesAreFreedWhenALayerReturns() => LeakGuard.NoTensorLeaks(() =>
    {
        using var linear = new Linear(4, 4);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            linear.Weight.Dense().fill_(1);
            linear.Bias!.fill_(0);
            long before = LeakGuard.Live;
            using var x = ones(1, 4);
            using var y = linear.call(x);
            Assert.Equal(before + 2, LeakGuard.Live);
            Assert.Equal(4f, y[0, 0].ToSingle());
        }
    });

    [Fact]
    public void PublishedNamesAreKept()
    {
        using var conv = new Conv2d(4, 6, 3, padding: 1, groups: 2);
        Assert.Equal(["weight", "bias"], conv.state_dict().Keys);
        Assert.Equal([6, 2, 3, 3], conv.Weight.Shape);
    }

    [Fact]
    public void AStateDictThatDoesNotFitListsEveryFault()
    {
        using var scope = NewDisposeScope();
        using var linear = new Linear(3, 2);
        var error = Assert.Throws<LowrankException>(() => StateDict.Load(linear, ["wieght", "bias"], _ => ones(2), "x.safetensors"));
        Assert.Contains("weight is missing (nearest: wieght)", error.Message);
        Assert.Contains("wieght is left over", error.Message);
        error = Assert.Throws<LowrankException>(() => StateDict.Load(linear, ["weight", "bias"], name => name == "bias" ? ones(2) : ones(3, 2), "x.safetensors"));
        Assert.Contains("weight has shape (3, 2), and the model's is (2, 3)", error.Message);
    }
}
