using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Tensors of the ComfyUI goldens, whose tolerances go by kinds.</summary>
static class ComfyUiTensors
{
    public static void AssertClose(GoldenCase c, Tensor got, string wanted, string kind, string what)
    {
        using var scope = NewDisposeScope();
        var tolerance = c["tolerance"];
        c.AssertClose(got, c.Group.Tensors.Read(wanted), what, tolerance.GetProperty(kind).GetDouble(), tolerance.GetProperty("rtol").GetDouble());
    }
}
