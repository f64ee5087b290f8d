using System.Text.Json;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>A case of GGUF adapters: its base, the row that is read, and logits with adapters.</summary>
sealed class GgufLoraCase : LanguageCaseFacts
{
    public const string Group = "language/gguf-lora";

    // llama.cpp's GELU is a table in f16; the README's floor.
    const double LlamaCppTolerance = 5e-3;

    public GgufLoraCase(JsonElement json) : base(FolderOfAll, json, "expected.safetensors")
    {
        Model = Load<CausalModel>(PathOf("base"));
        Description = Model.Describe();
    }

    /// <summary>The folder of the group.</summary>
    public static string FolderOfAll => GoldenGroup.Open(Group).Folder;

    public CausalModel Model { get; }

    public ModelDescription Description { get; }

    public string Peft => PathOf("peft");

    /// <summary>The files of llama.cpp's converter.</summary>
    public IEnumerable<JsonElement> Files => Json.GetProperty("files").EnumerateArray();

    /// <summary>The file that means what the folder means; the converter's where there is no other.</summary>
    public string? Faithful => Json.TryGetProperty("faithful", out var other) ? Path.Combine(Root, other.GetProperty("file").GetString()!) : null;

    /// <summary>Logits of the case's row with adapters at their strengths.</summary>
    public Tensor Logits(params IReadOnlyList<(Adapter Adapter, double Strength)> adapters)
    {
        using var grad = no_grad();
        var attached = adapters.Select(one => Description.Attach(one.Adapter, one.Strength)).ToList();
        try
        {
            return Model.Logits(Model.Run(new(ReadNamed("input_ids").reshape(1, -1))).Hidden).squeeze(0);
        }
        finally
        {
            attached.ForEach(one => one.Dispose());
        }
    }

    /// <summary>Asserts that an adapter does what PEFT's folder does, at every strength that is known.</summary>
    public void AssertIsPeft(Adapter adapter, double tolerance = 1e-4, bool atOneAlone = false)
    {
        foreach (var strength in Json.GetProperty("expected").EnumerateObject())
        {
            double number = double.Parse(strength.Name, System.Globalization.CultureInfo.InvariantCulture);
            if (atOneAlone && number != 1) continue;   // PEFT has no strength of whole weights
            AssertNear(Logits((adapter, number)), Read(strength.Value.GetString()!), $"strength {strength.Name}", tolerance);
        }
    }

    /// <summary>Asserts that an adapter does what llama.cpp makes of the converter's file, which is not what PEFT does.</summary>
    public void AssertIsLlamaCpp(Adapter adapter, string tensor) => AssertNear(Logits((adapter, 1)), Read(tensor), "llama.cpp", LlamaCppTolerance);

    /// <summary>Asserts that logits are near what a list of numbers says.</summary>
    public void AssertNear(Tensor got, Tensor want, string what, double tolerance) => AssertClose(got, want.reshape(got.shape), what, tolerance);

    public override void Dispose()
    {
        Model.Dispose();
        base.Dispose();
    }
}
