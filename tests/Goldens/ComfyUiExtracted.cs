using Lowrank.Formats;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Adapters that a graph took from the difference of two models: an SVD's signs are free, so that products are compared.</summary>
static class ComfyUiExtracted
{
    public static void AssertSame(GoldenCase c, string wanted, string got)
    {
        using var scope = NewDisposeScope();
        using var want = Safetensors.Open(Path.Combine(c.Group.Folder, wanted));
        using var have = Safetensors.Open(got);
        Assert.Equal(want.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal), have.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
        double atol = c["tolerance"].GetProperty("latent").GetDouble(), rtol = c["tolerance"].GetProperty("rtol").GetDouble();
        foreach (string name in want.Tensors.Select(t => t.Name))
        {
            const string up = ".lora_up.weight", down = ".lora_down.weight";
            if (name.EndsWith(up, StringComparison.Ordinal))
                c.AssertClose(Product(have, name[..^up.Length]), Product(want, name[..^up.Length]), name[..^up.Length], atol, rtol);
            else if (!name.EndsWith(down, StringComparison.Ordinal)) c.AssertClose(have.Read(name), want.Read(name), name, atol, rtol);
        }

        static Tensor Product(ITensorFile file, string name)
        {
            var up = file.Read($"{name}.lora_up.weight").to(ScalarType.Float32);
            var down = file.Read($"{name}.lora_down.weight").to(ScalarType.Float32);
            return up.flatten(1).matmul(down.flatten(1));
        }
    }
}
