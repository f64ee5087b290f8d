using Lowrank.Training;
using Lowrank.Workbench;
using Spectre.Console;

namespace Lowrank.Cli.Tests;

/// <summary>The closing words of a run, by what was learnt.</summary>
public class TrainingViewTests
{
    static string Shown(TrainingReport report)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = 400;
        TrainingView.Write(report, console);
        return writer.ToString();
    }

    static TrainingReport Report(string adapter, params string[] written) => new(
        new(adapter, 2, 2, new(new SavingSection { Output = "out", Name = "mine" })), [],
        new(0, 2, 1, 4, 1000, TorchSharp.torch.ScalarType.Float32), null, [], written, TimeSpan.FromSeconds(3));

    [Fact]
    public void PicturesAreDrawnWith()
    {
        string shown = Shown(Report("mine.safetensors", "mine-1.safetensors", Path.Combine("samples", "one.png")) with { Task = "pictures", BaseModel = "base" });
        Assert.Contains("in 4 layers, on 1 picture", shown);
        Assert.Contains("mine-1.safetensors", shown);
        Assert.Contains("samples", shown);
        Assert.Contains("lowrank generate \"...\" --adapter mine.safetensors", shown);
    }

    [Fact]
    public void TextsAreWrittenWithAndClassesMeasured()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["mine-1"]);
        File.WriteAllText(Path.Combine(folder["mine-1"], "adapter_config.json"), "{}");
        var report = Report(folder["mine"], folder["mine-1"], Path.Combine("samples", "one.txt")) with { Task = "language", BaseModel = "base", Writes = true };
        string shown = Shown(report);
        Assert.Contains("on 1 row", shown);
        Assert.Contains(folder["mine-1"], shown);
        Assert.Contains("samples", shown);
        Assert.Contains($"lowrank write \"...\" --model base --adapter {folder["mine"]}", shown);
        Assert.DoesNotContain("picture", shown);
        Assert.Contains($"lowrank evaluate ROWS --model base --adapter {folder["mine"]}", Shown(report with { Writes = false }));
    }
}
