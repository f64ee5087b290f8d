namespace Lowrank.Cli;

/// <summary>Says what Lowrank runs on, how fast it is here, and what would make it faster.</summary>
sealed class DoctorCommand : HelpfulCommand
{
    readonly JsonOption json = new("print the report as JSON");

    public DoctorCommand() : base("doctor", "Shows what Lowrank runs on here, how fast it is, and what would make it faster.")
    {
        Add(json);
        SetAction(result =>
        {
            var report = Diagnosis.Make();
            json.Show(result, report, DoctorView.Write);
            if (report.CureInPlace) return ExitCode.Success;
            Console.Error.WriteLine("TorchSharp.dll is not the cured copy: the garbage collector may free tensors in use, " +
                "and the process may die or compute wrong numbers. " +
                "Build again from a clean tree (delete artifacts/); build/cures.targets must have run.");
            return ExitCode.Failure;
        });
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("doctor", "versions, processor, memory and a reading of its speed: two seconds"),
        new("doctor --json", "the same for a program, or to be added to a report of a fault"),
    ];
}
