using System.Globalization;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws a <see cref="DoctorReport"/>.</summary>
static class DoctorView
{
    public static void Write(DoctorReport report, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add("lowrank", report.Lowrank);
        facts.Add(".NET", report.DotNet);
        string copy = report.CureInPlace ? "cured copy" : "NOT the cured copy";
        facts.Add("TorchSharp", $"{report.TorchSharp}, {copy}");
        facts.Add("libtorch", report.LibTorch);
        facts.Add("system", report.System);
        facts.Add("processor", report.Processor);
        facts.Add("bf16 in hardware", report.Bf16Flags.Count == 0 ? "no" : string.Join(", ", report.Bf16Flags));
        facts.Add("threads", $"{report.Threads} of {report.Cores} logical processors");
        facts.Add("memory", $"{Gigabytes(report.MemoryFree)} free of {Gigabytes(report.MemoryTotal)}");
        facts.Add("CUDA", report.Cuda ? "yes" : "no");
        facts.Add("device", $"{report.Device}: {report.DeviceReason}");
        facts.Add("default precision", report.DefaultPrecision);
        facts.Write(console);

        console.WriteLine();
        var table = new ResultTable("speed, GFLOPS", "f32", "bf16");
        foreach (var reading in report.Speed)
            table.AddRow(Cell.Of(reading.Operation), Whole(reading.F32), Whole(reading.Bf16));
        table.Write(console);

        if (report.Advice.Count == 0) return;
        console.WriteLine();
        console.WriteLine("What would help:");
        foreach (var line in report.Advice) console.WriteLine($"- {FieldNames.AsOptions(line)}");
    }

    static Cell Whole(double number) => Cell.Right(number.ToString("0", CultureInfo.InvariantCulture));

    static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
