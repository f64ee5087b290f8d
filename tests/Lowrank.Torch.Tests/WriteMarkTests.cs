namespace Lowrank.Torch.Tests;

/// <summary>Marks tell whether somebody wrote into tensors.</summary>
public class WriteMarkTests
{
    [Fact]
    public void WhatNobodyWroteIntoHasTheSameMark() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        Tensor[] tensors = [randn(5, 7), zeros(0, 3), randn(4).to(ScalarType.BFloat16), randn(3, 4).t()];
        var mark = WriteMark.Of(tensors);
        foreach (var tensor in tensors) _ = tensor.sum();
        Assert.True(mark.IsCounted);
        Assert.Equal(mark, WriteMark.Of(tensors));
    });

    [Theory, InlineData("in place"), InlineData("through a view"), InlineData("past libtorch")]
    public void AWriteIntoAnyOfThemIsTold(string how)
    {
        using var scope = NewDisposeScope();
        Tensor[] tensors = [randn(5, 7), randn(4, 4)];
        var mark = WriteMark.Of(tensors);
        if (how == "in place") tensors[1].mul_(1);
        else if (how == "through a view") tensors[1].narrow(0, 2, 1).zero_();
        else tensors[1].bytes.Fill(1);
        Assert.NotEqual(mark, WriteMark.Of(tensors));
    }

    [Fact]
    public void WhatLibtorchDoesNotCountIsSaid()
    {
        using var scope = NewDisposeScope();
        Tensor uncounted;
        using (inference_mode()) uncounted = ones(3);
        Assert.False(WriteMark.Of([ones(2), uncounted]).IsCounted);
    }
}
