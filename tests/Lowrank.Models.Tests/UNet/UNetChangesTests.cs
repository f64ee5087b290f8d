using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>What one run of a denoising network may do otherwise inside.</summary>
public class UNetChangesTests
{
    [Fact]
    public void ChangesThatChangeNothingGiveTheSameAnswer()
    {
        using var model = Tiny();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var plain = Run(model, 8, 8, null);
        int joinings = 0;
        var changes = new UNetChanges { MiddleSelfAttention = call => call.Answer() }.ThenBeforeJoining((hidden, skip) =>
        {
            joinings++;
            return (hidden, skip);
        });
        Assert.True(plain.allclose(Run(model, 8, 8, changes), 1e-5, 1e-5));
        Assert.Equal(model.Config.LayersPerBlock.Sum(layers => layers + 1), joinings);
    }

    [Fact]
    public void TheMiddlesSelfAttentionIsGivenByTheChange()
    {
        using var model = Tiny();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var shapes = new List<long[]>();
        var changed = Run(model, 16, 8, new UNetChanges { MiddleSelfAttention = Values });
        Assert.False(Run(model, 16, 8, null).allclose(changed));
        int halvings = 1 << (model.Config.Levels - 1);
        Assert.Equal([[2, 16 / halvings * Math.Max(1, 8 / halvings), model.Config.BlockChannels[^1]]], shapes);

        Tensor Values(SelfAttentionCall call)
        {
            shapes.Add(call.Query.shape);
            return call.Value;
        }
    }

    [Fact]
    public void SecondChangesBeforeJoiningSeeWhatTheFirstLeave()
    {
        using var scope = NewDisposeScope();
        var changes = new UNetChanges().ThenBeforeJoining((hidden, skip) => (hidden * 2, skip)).ThenBeforeJoining((hidden, skip) => (hidden + 1, skip * 3));
        var (hidden, skip) = changes.BeforeJoining!(ones(1, device: CPU), ones(1, device: CPU));
        Assert.Equal((3, 3), (hidden.item<float>(), skip.item<float>()));
    }

    [Fact]
    public void DoublingIsTheSameWhereSizesHalveEvenlyAndAnotherThingElsewhere()
    {
        using var model = Tiny();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var doubling = new UNetChanges { DoublesOddSizes = true };
        Assert.True(Run(model, 8, 16, null).allclose(Run(model, 8, 16, doubling)));
        var odd = Run(model, 9, 7, doubling);
        Assert.Equal([2, model.Config.OutChannels, 9, 7], odd.shape);
        Assert.False(odd.allclose(Run(model, 9, 7, null)));
    }

    [Fact]
    public void AChangedPassLeavesOnlyItsAnswer()
    {
        using var model = Tiny();
        var changes = new UNetChanges { MiddleSelfAttention = call => call.Value, DoublesOddSizes = true }.ThenBeforeJoining((hidden, skip) => (hidden * 2, skip));
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            Run(model, 9, 7, changes);
        });
    }

    static UNet2DConditionModel Tiny() => UNet2DConditionModel.Load(Path.Combine(Folders.Tiny("sd1"), "unet"));

    static Tensor Run(UNet2DConditionModel model, int height, int width, UNetChanges? changes)
    {
        using var generator = new Generator(3);
        var sample = randn([2, model.Config.InChannels, height, width], device: CPU, generator: generator);
        var context = randn([2, 77, model.Config.CrossAttentionChannels], device: CPU, generator: generator);
        return model.Run(sample, tensor(new long[] { 999, 1 }, device: CPU), context, changes: changes);
    }
}
