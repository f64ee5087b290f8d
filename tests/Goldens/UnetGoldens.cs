using Lowrank.Models;
using Lowrank.Testing;

namespace Goldens;

public class UnetGoldens
{
    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases("diffusion/unet");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Unet(string name) => Golden.Run("diffusion/unet", name, golden =>
    {
        using var model = UNet2DConditionModel.Load(DiffusionFolder.Of(golden, "model"));
        using (var inside = new InsideValues(model, golden))
        {
            Check(model, golden);
            inside.AssertClose();
        }
        if (golden.ExpectedNames.Contains("loss"))
        {
            model.GradientCheckpointing = true;
            Check(model, golden);
        }
    });

    static void Check(UNet2DConditionModel model, GoldenCase golden)
    {
        var inputs = new[] { "sample", "timestep", "encoder_hidden_states", "text_embeds", "time_ids" }.Where(golden.HasInput).ToDictionary(name => name, golden.Input);
        var added = golden.HasInput("text_embeds") ? new AddedConditions(inputs["text_embeds"], inputs["time_ids"]) : null;

        var wanted = ModelGradients.Want(model, golden, inputs);
        var output = model.Run(inputs["sample"], inputs["timestep"], inputs["encoder_hidden_states"], added);
        golden.AssertClose(output, golden.Expected("output"), "output");
        if (golden.ExpectedNames.Contains("loss")) ModelGradients.AssertAfter((output - golden.Input("target")).square().mean(), wanted, golden);

        var known = new HashSet<string> { "output", "loss" };
        if (golden.ExpectedNames.FirstOrDefault(n => !known.Contains(n) && !n.StartsWith("inside.", StringComparison.Ordinal) && !n.StartsWith("grad.", StringComparison.Ordinal)) is { } other)
            throw Golden.NotCovered($"no way to {other}");
    }
}
