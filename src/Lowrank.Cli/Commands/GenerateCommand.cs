using Lowrank.Cli.Help;

namespace Lowrank.Cli.Commands;

sealed class GenerateCommand() : HelpfulCommand("generate", "Later.")
{
    public override IReadOnlyList<Example> Examples => [];
}
