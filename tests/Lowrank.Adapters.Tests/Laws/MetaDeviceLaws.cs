namespace Lowrank.Adapters.Tests;

/// <summary>On libtorch's meta device, which has shapes without values and mixes with no other, an adapted linear layer runs forward, back and
/// merged: no method makes a tensor on the CPU behind its caller's back.</summary>
public class MetaDeviceLaws
{
    const string Layer = "linear of even sizes";

    // What asks for values, with DoRA around it too: libtorch's own word for what it cannot do without them.
    static readonly Dictionary<string, string> needValues = new()
    {
        ["ia3"] = "aten::abs",
        ["delora"] = "aten::where",
        ["deft"] = "aten::relu",
        ["psoft"] = "aten::index_select",
        ["psoft by series"] = "aten::_local_scalar_dense",
        ["unilora"] = "aten::index_select",
        ["peft-boft of two factors"] = "aten::index_select",
        ["peft-boft of small blocks"] = "aten::index_select",
        ["vblora of short vectors"] = "aten::index_select",
        ["waveft of Haar's"] = "convolution_overrideable",
        ["vblora"] = "aten::index_select",
        ["c3a"] = "aten::index_select",
        ["waveft"] = "convolution_overrideable",
        ["fourierft"] = "aten::_fft_c2c",
    };

    // The same on the way back, where libtorch's autograd.grad ends the process rather than throw: not run.
    static readonly HashSet<string> endTheProcess =
    [
        "oft", "oft by blocks, shared", "oft exact", "oft constrained",   // aten::index_select
        "shira", "shira by seed", "shira, DoRA out", "shira, DoRA in",   // aten::index_select
        "psoft, DoRA out", "psoft, DoRA in", "waveft of entries",   // aten::index_select
        "diag-oft constrained", "boft by 4, constrained", "boft by 6, constrained and rescaled",   // aten::where
        "delora, DoRA out", "delora, DoRA in",   // aten::where
        "deft by qr",   // aten::linalg_solve_triangular
    ];

    static IEnumerable<string> Fitting =>
        from variant in MethodVariant.All
        where variant.Fits(LayerCase.All.First(layer => layer.Name == Layer).Target) && !endTheProcess.Contains(variant.Name)
        select variant.Name;

    public static TheoryData<string> Running => [.. Fitting.Where(name => CauseOf(name) is null)];

    public static TheoryData<string> NeedValues => [.. Fitting.Where(name => CauseOf(name) is not null)];

    public static TheoryData<string> Merging => [.. Fitting.Where(name => CauseOf(name) is null && !DependsOnInput(name))];

    static string? CauseOf(string name) => needValues.GetValueOrDefault(name.Split(", DoRA")[0]);

    static bool DependsOnInput(string name) => MethodVariant.All.First(variant => variant.Name == name).Method.DependsOnInput;

    [Theory, MemberData(nameof(Running))]
    public void AMovedLayerRunsForwardAndBack(string method) => Moved(method, subject =>
    {
        var answer = ForwardAndBack(subject);
        Assert.Equal(DeviceType.META, answer.device_type);
        Assert.All(subject.Adapter.Trainable, part => Assert.Equal(DeviceType.META, part.grad!.device_type));
    });

    [Theory, MemberData(nameof(Merging))]
    public void AMovedLayerIsMergedAndUnmerged(string method) => Moved(method, subject =>
    {
        subject.Description.Merge();
        Assert.Equal(DeviceType.META, subject.Model.call(zeros(subject.Input.shape, device: META)).device_type);
        subject.Description.Unmerge();
        Assert.Equal(DeviceType.META, subject.Layer.Weight.Device.type);
    });

    [Theory, MemberData(nameof(NeedValues))]
    public void WhatNeedsValuesSaysSoInLibtorchsWords(string method) => Moved(method, subject =>
        Assert.Contains(CauseOf(method)!, Assert.ThrowsAny<Exception>(() => ForwardAndBack(subject)).Message));

    // A layer that has its adapter and went to the meta device.
    static void Moved(string method, Action<Subject> law)
    {
        using var scope = NewDisposeScope();
        using var subject = new Subject(method, Layer);
        using var attachment = subject.Description.Attach(subject.Adapter, 0.7);
        subject.Model.to(META);
        law(subject);
    }

    static Tensor ForwardAndBack(Subject subject)
    {
        var answer = subject.Model.call(zeros(subject.Input.shape, device: META, requires_grad: true));
        answer.sum().backward();
        Backward.Rethrow();
        Backward.Release();
        return answer;
    }
}
