using Lowrank.Adapters;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Modules exported from PyTorch, with LoRA on some of their weights: answers and gradients as PyTorch has them.</summary>
public class TorchScriptGoldens
{
    const string Group = "torchscript";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void TorchScript(string name) => Golden.Run(Group, name, golden =>
    {
        using var script = ScriptModel.Load(Path.Combine(golden.Group.Folder, golden["module"].GetString()!));
        var model = ModelDescription.Of(script);
        using var adapter = Read(golden, model);
        Tensor[] bits = [.. script.parameters().Select(p => p.detach().clone())];
        var x = golden.Input("x");
        var plain = script.call(x);
        golden.AssertClose(plain, golden.Expected("y_base"), "y_base");

        using (var attachment = model.Attach(adapter))
        {
            foreach (string answer in golden.ExpectedNames.Where(n => n.StartsWith("y@", StringComparison.Ordinal)))
            {
                attachment.Strength = double.Parse(answer[2..], System.Globalization.CultureInfo.InvariantCulture);
                golden.AssertClose(script.call(x), golden.Expected(answer), answer);
                model.Merge();
                using (no_grad()) golden.AssertClose(script.call(x), golden.Expected(answer), $"{answer}, merged");
                model.Unmerge();
            }
            attachment.Strength = 1;
            (script.call(x) * golden.Input("g")).sum().backward();
            Backward.Rethrow();
            attachment.AssertUsed();
            foreach (string expected in golden.ExpectedNames.Where(n => n.StartsWith("grad/", StringComparison.Ordinal)))
            {
                string part = expected[5..], path = part[..part.LastIndexOf('.')];
                var lora = adapter.Targets[$"model.{path}"];
                var leaf = lora.Parts.First(p => p.Part == (part.EndsWith("down", StringComparison.Ordinal) ? "down" : "up")).Value;
                golden.AssertClose(leaf.grad!, golden.Expected(expected), expected);
            }
            Assert.All(script.parameters(), p => Assert.True(p.grad is null, $"{name}: the module's own weights got a gradient"));
        }
        Assert.All(script.parameters().Zip(bits), pair => Assert.True(pair.First.allclose(pair.Second, 0, 0)));
        Assert.True(script.call(x).allclose(plain, 0, 0), $"{name}: another answer after the adapter was taken out");
    });

    static Adapter Read(GoldenCase golden, ModelDescription model)
    {
        var targets = model.Components[0].Targets.ToDictionary(t => t.Target.Path, t => t.Target);
        return new Adapter(golden.Name, [.. golden["targets"].EnumerateArray().Select(json =>
        {
            string path = json.GetProperty("path").GetString()!;
            return new Lora(targets[$"model.{path}"], golden.Input($"{path}.lora_down"), golden.Input($"{path}.lora_up"), alpha: json.GetProperty("alpha").GetDouble());
        })]);
    }
}
