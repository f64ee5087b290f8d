using Lowrank.Testing;

namespace Goldens;

/// <summary>mlx-lm's folders, made of PEFT's: they mean what PEFT's mean, by PEFT's own logits, or the layer that has no place is named.</summary>
public sealed class MlxLoraGoldens
{
    const string Group = GgufLoraCase.Group;

    // What mlx-lm has no place for, with the layer or part that is told.
    static readonly Dictionary<string, string> refused = new()
    {
        ["embedding-tied"] = "embed_tokens", ["head-tied"] = "lm_head", ["head-tied-gemma2"] = "lm_head", ["modules-to-save-head"] = "lm_head",
        ["modules-to-save-norms"] = "norm", ["norms-to-save-gemma2"] = "post_attention_layernorm", ["bias-lora-only"] = "bias", ["lora-bias"] = "bias",
        ["trainable-tokens"] = "embed_tokens", ["alora"] = "invocation tokens",
    };

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Written(string name) => Golden.Run($"{Group} as mlx-lm's", name, () =>
    {
        var json = GoldenGroup.Open(Group).Json.GetProperty("cases").EnumerateArray().First(one => one.GetProperty("name").GetString() == name);
        using var c = new GgufLoraCase(json);
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFile.Read(c.Peft, c.Description);
        if (refused.TryGetValue(name, out string? told))
        {
            Assert.Contains(told, Assert.Throws<LowrankException>(() => AdapterFile.Write(folder["mlx"], adapter, c.Description, "mlx")).Message);
            Assert.False(Directory.Exists(folder["mlx"]));
            return;
        }
        AdapterFile.Write(folder["mlx"], adapter, c.Description, "mlx");
        using var there = AdapterFile.Read(folder["mlx"], c.Description);
        c.AssertIsPeft(there, atOneAlone: name == "dora");   // mlx-lm has no strength, and PEFT's of DoRA is its own
        AdapterFile.Write(folder["peft"], there, c.Description, "peft");
        using var back = AdapterFile.Read(folder["peft"], c.Description);
        c.AssertIsPeft(back, atOneAlone: name == "dora");
    });
}
