namespace Lowrank.Cli;

/// <summary>Trains on forty drawings and shows what was learnt.</summary>
sealed class DemoCommand() : HelpfulCommand("demo", "Trains a LoRA on forty ink drawings in some minutes and shows, on prompts it never saw, what it learnt.")
{
    public override IReadOnlyList<Example> Examples => [new("demo", "writes out/demo/ink.safetensors, grid.png and report.html")];
}
