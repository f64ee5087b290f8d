using Parameter = TorchSharp.Modules.Parameter;

namespace Lowrank.Torch.Tests;

/// <summary>A module that moves goes on with its own tensors, however its fields are named.</summary>
public class TensorFieldsTests
{
    sealed class Scaled : nn.Module<Tensor, Tensor>
    {
        readonly Parameter factor;
        readonly Tensor offset;
        readonly Tensor[] list;
        readonly Dictionary<string, Parameter> table = [];

        public Scaled() : base(nameof(Scaled))
        {
            factor = Own("weight");
            table["x"] = Own("x");
            offset = ones([3], device: CPU).DetachFromDisposeScope();
            register_buffer("shift", offset);
            list = [ones([3], device: CPU).DetachFromDisposeScope()];
            register_buffer("first", list[0]);
        }

        Parameter Own(string name)
        {
            var parameter = new Parameter(ones([3], device: CPU).DetachFromDisposeScope());
            register_parameter(name, parameter);
            return parameter;
        }

        protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking) =>
            TensorFields.Follow(this, () => base._toEpilog(dtype, device, non_blocking));

        public override Tensor forward(Tensor x) => x * factor * table["x"] + offset + list[0];
    }

    [Fact]
    public void FieldsOfEveryKindFollowTheModule() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var module = new Scaled();
        module.to(META);
        var answer = module.call(ones([3], device: META));
        Assert.Equal(DeviceType.META, answer.device_type);
        answer.sum().backward();
        foreach (var parameter in module.parameters())
        {
            using var gradient = parameter.grad;
            Assert.Equal(DeviceType.META, gradient!.device_type);
        }
    });

    [Fact]
    public void WhatStaysWhereItIsIsNotExchanged()
    {
        using var scope = NewDisposeScope();
        using var module = new Scaled();
        List<Parameter> before = [.. module.parameters()];
        module.to(CPU);
        Assert.Equal(before, module.parameters());
    }
}
